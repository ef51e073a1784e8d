import { expect, test, type Page } from '@playwright/test'
import { startProxy } from '../support/proxy.ts'
import { addTask, expectStored, openListWith, openNewList, serviceWorkerReady } from './task-list.ts'
import { signUp } from './users.ts'

test.use({ serviceWorkers: 'allow' })

/** Opens a new user's list through a proxy, with the shell cached. Cookies of localhost are valid on any port. */
async function openListThroughProxy(page: Page, baseURL = '') {
  const proxy = await startProxy(baseURL)
  await signUp(page)
  await page.goto(`${proxy.url}/tasks`)
  await serviceWorkerReady(page)
  // The service worker does not serve the page that installed it.
  await page.reload()
  await expect(page.getByLabel('Add a task')).toBeVisible()
  return proxy
}

const isDocument = (path: string) => !path.startsWith('/_astro/') && !path.startsWith('/api/')

test('WEB-80 the list, the forms and the start page open offline, and the list says so', async ({
  page,
  context,
}) => {
  await openNewList(page)
  await serviceWorkerReady(page)
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

test('WEB-81 the shell contains nothing of the user whose list was open', async ({ page }) => {
  const { email, name } = await openListWith(page, ['A secret line'], 'Annabella')
  await serviceWorkerReady(page)
  for (const path of ['/tasks', '/', '/tasks?filter=done']) await page.goto(path)
  const cached = await page.evaluate(async () => {
    const entries: { url: string; text: string }[] = []
    for (const cacheName of await caches.keys()) {
      const cache = await caches.open(cacheName)
      for (const { url } of await cache.keys())
        entries.push({ url, text: (await (await cache.match(url))?.text()) ?? '' })
    }
    return entries
  })
  const paths = cached.map(({ url }) => new URL(url).pathname)
  expect(paths).toEqual(expect.arrayContaining(['/', '/login', '/register', '/shell/tasks', '/favicon.svg']))
  expect(paths.filter((path) => path.startsWith('/api/') || path === '/tasks')).toEqual([])
  for (const { url, text } of cached)
    for (const secret of [email, name, 'A secret line', 'eyJ', 'id="margin-session"'])
      expect(text.includes(secret), `${url} contains ${secret}`).toBe(false)
})

test('WEB-82 a page that is slow, or that the server fails to render, comes from the shell', async ({
  page,
  baseURL,
}) => {
  const proxy = await openListThroughProxy(page, baseURL)
  for (const fate of [{ waitMs: 20_000 }, { status: 502 }, 'down'] as const) {
    proxy.decide((path) => (isDocument(path) ? fate : 'pass'))
    await page.reload({ timeout: 10_000 })
    await expect(page.getByLabel('Add a task')).toBeVisible()
    expect(await page.locator('#margin-session').count()).toBe(0)
  }
  await proxy.close()
})

test('WEB-83 a new version is offered to old pages, not to a page of that version', async ({
  page,
  context,
  baseURL,
}) => {
  const proxy = await openListThroughProxy(page, baseURL)
  const other = await context.newPage()
  await other.goto(`${proxy.url}/tasks`)
  const notice = page.getByText('There is a new version of this page.')
  const version = await page.locator('meta[name="version"]').getAttribute('content')
  expect(version).toMatch(/^[0-9a-f]{12}$/)

  const toNewVersion = (text: string) => text.replaceAll(version ?? '', 'feedfacecafe')
  proxy.decide((path) => (isDocument(path) ? { edit: toNewVersion } : 'pass'))
  const fresh = await context.newPage()
  await fresh.goto(`${proxy.url}/tasks`)
  // The user returns to the page.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect(notice).toBeVisible()
  await expect(fresh.getByText('There is a new version of this page.')).toBeHidden()
  await fresh.close()
  const cacheNames = () => page.evaluate(() => caches.keys())
  expect(await cacheNames()).toEqual([`shell-${version}`, 'shell-feedfacecafe'])

  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.locator('meta[name="version"]')).toHaveAttribute('content', 'feedfacecafe')
  await expect(notice).toBeHidden()
  // The other page is still of the old version and needs its files.
  expect(await cacheNames()).toHaveLength(2)
  await other.close()
  await page.reload()
  await expect.poll(cacheNames).toEqual(['shell-feedfacecafe'])
  await proxy.close()
})

test('WEB-84 calls of the API bypass the service worker', async ({ page }) => {
  await openNewList(page)
  await serviceWorkerReady(page)
  await page.reload()
  const calls: boolean[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/api/')) calls.push(response.fromServiceWorker())
  })
  await addTask(page, 'Milk')
  await expectStored(page, [{ title: 'Milk' }])
  await expect.poll(() => calls.length).toBeGreaterThan(0)
  expect(calls).not.toContain(true)
})
