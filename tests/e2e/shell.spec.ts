import { expect, test, type Page } from '@playwright/test'
import { startProxy } from '../support/proxy.ts'
import { addTask, join, stored } from './people.ts'

test.use({ serviceWorkers: 'allow' })

/** Waits until the shell is on this device. */
const shellKept = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })

/** Somebody with a list and the shell, seen through a proxy; cookies of localhost are good at any port. */
async function joinThroughProxy(page: Page, baseURL = '') {
  const proxy = await startProxy(baseURL)
  await join(page)
  await page.goto(`${proxy.url}/tasks`)
  await shellKept(page)
  // The first page of all was not the service worker's to open.
  await page.reload()
  await expect(page.getByLabel('Add a task')).toBeVisible()
  return proxy
}

const isDocument = (path: string) => !path.startsWith('/_astro/') && !path.startsWith('/api/')

test('WEB-80 without a network the list, the forms and the start page open, and the list says so', async ({
  page,
  context,
}) => {
  await join(page)
  await shellKept(page)
  await context.setOffline(true)
  await page.reload()
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByLabel('Add a task')).toBeVisible()
  await expect(page.getByText(/offline|can’t be reached|no connection/i).first()).toBeVisible()
  for (const path of ['/login', '/register', '/', '/tasks?filter=open']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page).toHaveURL(path)
  }
})

test('WEB-81 the shell holds nothing of the person whose list was open', async ({ page }) => {
  const { email, name } = await join(page, 'Annabella')
  await addTask(page, 'A secret line')
  await stored(page, [{ title: 'A secret line' }])
  await shellKept(page)
  for (const path of ['/tasks', '/', '/tasks?filter=done']) await page.goto(path)
  const kept = await page.evaluate(async () => {
    const all: { url: string; text: string }[] = []
    for (const cacheName of await caches.keys()) {
      const cache = await caches.open(cacheName)
      for (const { url } of await cache.keys())
        all.push({ url, text: (await (await cache.match(url))?.text()) ?? '' })
    }
    return all
  })
  const paths = kept.map(({ url }) => new URL(url).pathname)
  expect(paths).toEqual(expect.arrayContaining(['/', '/login', '/register', '/shell/tasks', '/favicon.svg']))
  expect(paths.filter((path) => path.startsWith('/api/') || path === '/tasks')).toEqual([])
  for (const { url, text } of kept)
    for (const secret of [email, name, 'A secret line', 'eyJ', 'id="margin-session"'])
      expect(text.includes(secret), `${url} holds ${secret}`).toBe(false)
})

test('WEB-82 a page that is slow to come, or that the server fails to make, comes from the shell', async ({
  page,
  baseURL,
}) => {
  const proxy = await joinThroughProxy(page, baseURL)
  for (const fate of [{ waitMs: 20_000 }, { status: 502 }, 'down'] as const) {
    proxy.decide((path) => (isDocument(path) ? fate : 'pass'))
    await page.reload({ timeout: 10_000 })
    await expect(page.getByLabel('Add a task')).toBeVisible()
    expect(await page.locator('#margin-session').count()).toBe(0)
  }
  await proxy.close()
})

test('WEB-83 a new version waits to be asked for, and is not announced to a page that is new itself', async ({
  page,
  context,
  baseURL,
}) => {
  const proxy = await joinThroughProxy(page, baseURL)
  const other = await context.newPage()
  await other.goto(`${proxy.url}/tasks`)
  const notice = page.getByText('There is a new version of this page.')
  const version = await page.locator('meta[name="version"]').getAttribute('content')
  expect(version).toMatch(/^[0-9a-f]{12}$/)

  const renamed = (text: string) => text.replaceAll(version ?? '', 'feedfacecafe')
  proxy.decide((path) => (isDocument(path) ? { edit: renamed } : 'pass'))
  const fresh = await context.newPage()
  await fresh.goto(`${proxy.url}/tasks`)
  // One comes back to the page.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect(notice).toBeVisible()
  await expect(fresh.getByText('There is a new version of this page.')).toBeHidden()
  await fresh.close()
  const shells = () => page.evaluate(() => caches.keys())
  expect(await shells()).toEqual([`shell-${version}`, 'shell-feedfacecafe'])

  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.locator('meta[name="version"]')).toHaveAttribute('content', 'feedfacecafe')
  await expect(notice).toBeHidden()
  // The other page is of the old version still, and so are its files.
  expect(await shells()).toHaveLength(2)
  await other.close()
  await page.reload()
  await expect.poll(shells).toEqual(['shell-feedfacecafe'])
  await proxy.close()
})

test('WEB-84 calls to the API pass the service worker by', async ({ page }) => {
  await join(page)
  await shellKept(page)
  await page.reload()
  const calls: boolean[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/api/')) calls.push(response.fromServiceWorker())
  })
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  await expect.poll(() => calls.length).toBeGreaterThan(0)
  expect(calls).not.toContain(true)
})
