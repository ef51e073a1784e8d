import { expect, test, type Page } from '@playwright/test'
import { addTask, deviceHolds, join, logIn, stored, titles } from './people.ts'

test.use({ serviceWorkers: 'allow' })

const kept = (page: Page) => page.getByText(/kept on this device/)

/** Ticks, renames, deletes and adds, with nobody to tell. */
async function workInATunnel(page: Page) {
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await page.getByRole('button', { name: 'Edit Bread' }).click()
  await page.getByLabel('Title').fill('Rye bread')
  await page.getByLabel('Title').press('Enter')
  await page.getByRole('button', { name: 'Delete Salt' }).click()
  await addTask(page, 'Candles')
}

const AFTERWARDS = [
  { title: 'Candles', completed: false },
  { title: 'Rye bread', completed: false },
  { title: 'Milk', completed: true },
]

test('WEB-42 what is done offline outlives every tab, and is done exactly once when the server answers', async ({
  page,
  context,
}) => {
  test.setTimeout(150_000)
  await join(page)
  for (const title of ['Milk', 'Bread', 'Salt']) await addTask(page, title)
  await stored(page, [{ title: 'Salt' }, { title: 'Bread' }, { title: 'Milk' }])
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.setOffline(true)
  await workInATunnel(page)
  await expect(kept(page)).toContainText('4 changes')
  await page.close({ runBeforeUnload: false })

  // Writes fail twice each: first before they are done, then after.
  const tries = new Map<string, number>()
  await context.route('**/api/tasks/**', (route) => failTwice(route))
  await context.route('**/api/tasks', (route) => failTwice(route))
  async function failTwice(route: Parameters<Parameters<typeof context.route>[1]>[0]) {
    const request = route.request()
    const call = `${request.method()} ${new URL(request.url()).pathname}`
    const count = request.method() === 'GET' ? 9 : (tries.get(call) ?? 0) + 1
    tries.set(call, count)
    if (count === 1) return route.fulfill({ status: 503, headers: { 'Retry-After': '0' } })
    if (count === 2) {
      await route.fetch()
      return route.abort()
    }
    return route.continue()
  }
  await context.setOffline(false)
  const later = await context.newPage()
  await later.goto('/tasks')
  await expect.poll(() => titles(later)).toEqual(['Candles', 'Rye bread', 'Milk'])
  await stored(later, AFTERWARDS, 45_000)
  await expect.poll(() => titles(later)).toEqual(['Candles', 'Rye bread', 'Milk'])
  await expect(kept(later)).toBeHidden()
  expect([...tries.entries()].filter(([call]) => !call.startsWith('GET')).map(([, count]) => count)).toEqual([
    3, 3, 3, 3,
  ])
})

test('WEB-46 without a network a reload shows the list of this device, with what was done since', async ({
  page,
  context,
}) => {
  await join(page)
  for (const title of ['Milk', 'Bread', 'Salt']) await addTask(page, title)
  await stored(page, [{ title: 'Salt' }, { title: 'Bread' }, { title: 'Milk' }])
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.setOffline(true)
  await workInATunnel(page)
  await page.reload()
  await expect.poll(() => titles(page)).toEqual(['Candles', 'Rye bread', 'Milk'])
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await expect(kept(page)).toContainText('4 changes')
  await context.setOffline(false)
  await stored(page, AFTERWARDS)
})

test('WEB-46 while the database is away the page opens with what this device has, and says so', async ({
  page,
  context,
}) => {
  await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  await expect
    .poll(() => deviceHolds(page))
    .toContainEqual(
      expect.objectContaining({ complete: true, tasks: [expect.objectContaining({ title: 'Milk' })] }),
    )
  // The document comes bare, as when the Worker cannot ask who is here, and so does every call.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.route('**/api/**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'Retry-After': '1' },
      body: '{"code":"database-away","title":"The database does not answer","detail":"Try again soon."}',
    }),
  )
  await page.goto('/shell/tasks')
  await expect.poll(() => titles(page)).toEqual(['Milk'])
  await expect(
    page.getByText('The database does not answer. This is the list as this device has it.'),
  ).toBeVisible()
})

test('WEB-44 what is done in one tab is in the other at once, and nothing is read for it', async ({
  page,
  context,
}) => {
  await join(page)
  const other = await context.newPage()
  await other.goto('/tasks')
  await expect(other.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  // What it asks for as it opens is through.
  await other.waitForLoadState('networkidle')
  // Either of the two may be the one that sends.
  const calls: string[] = []
  for (const tab of [page, other])
    tab.on('request', (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await addTask(page, 'Milk')
  await expect(other.getByRole('checkbox', { name: 'Milk' })).toBeVisible()
  await stored(page, [{ title: 'Milk' }])
  await expect(other.getByRole('button', { name: 'Delete Milk' })).toBeVisible()
  expect(calls).toEqual(['POST /api/tasks'])
  await context.setOffline(true)
  await other.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await expect(kept(page)).toContainText('1 change')
  await context.setOffline(false)
  await stored(page, [{ title: 'Milk', completed: true }])
})

test('WEB-45 logging out with unsent work asks first; nothing of the person stays behind', async ({
  page,
  context,
}) => {
  const { email } = await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  const other = await context.newPage()
  await other.goto('/tasks')
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 503 }))
  await addTask(page, 'A secret')
  await expect(kept(page)).toBeVisible()

  await page.getByRole('button', { name: 'Log out' }).click()
  const dialog = page.getByRole('dialog', { name: 'One change is not saved yet.' })
  await dialog.getByRole('button', { name: 'Stay logged in' }).click()
  await expect(dialog).toBeHidden()
  expect(await titles(page)).toEqual(['A secret', 'Milk'])

  await page.getByRole('button', { name: 'Log out' }).click()
  await dialog.getByRole('button', { name: 'Log out and lose it' }).click()
  await expect(page).toHaveURL('/')
  await expect(other).toHaveURL('/')
  const left = JSON.stringify(await deviceHolds(page))
  expect(left).not.toMatch(/Milk|secret/)
  await context.unroute('**/api/tasks')
  await page.goto('/login')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('heading', { name: '1 open task' })).toBeVisible()
  expect(await titles(page)).toEqual(['Milk'])
})

test('WEB-47 a session that has ended keeps what was not sent for the same person, and from another', async ({
  page,
  context,
}) => {
  const { email } = await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 401 }))
  await addTask(page, 'Bread')
  await expect(page).toHaveURL(/\/login/)
  await context.unroute('**/api/tasks')
  await context.clearCookies()
  await join(page, 'Bob')
  expect(await titles(page)).toEqual([])
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/')
  await page.goto('/login')
  await logIn(page, email)
  await stored(page, [{ title: 'Bread' }, { title: 'Milk' }])
})
