import { expect, test, type Page } from '@playwright/test'
import {
  addTask,
  expectOpenTasks,
  expectReplica,
  expectStored,
  expectTitles,
  openListWith,
  openNewList,
  serviceWorkerReady,
  storedOnDevice,
  taskTitles,
} from './task-list.ts'
import { logIn } from './users.ts'

test.use({ serviceWorkers: 'allow' })

const offlineNote = (page: Page) => page.getByText(/kept on this device/)

/** Ticks, renames, deletes and adds a task while offline. */
async function changeFourTasks(page: Page) {
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await page.getByRole('button', { name: 'Edit Bread' }).click()
  await page.getByLabel('Title').fill('Rye bread')
  await page.getByLabel('Title').press('Enter')
  await page.getByRole('button', { name: 'Delete Salt' }).click()
  await addTask(page, 'Candles')
}

const CHANGED_TASKS = [
  { title: 'Candles', completed: false },
  { title: 'Rye bread', completed: false },
  { title: 'Milk', completed: true },
]

test('WEB-42 changes made offline outlive every tab, and reach the server exactly once', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await openListWith(page, ['Salt', 'Bread', 'Milk'])
  await serviceWorkerReady(page)
  await context.setOffline(true)
  await changeFourTasks(page)
  await expect(offlineNote(page)).toContainText('4 changes')
  await page.close({ runBeforeUnload: false })

  // Each write fails twice: once before the server gets it, once after.
  const attempts = new Map<string, number>()
  await context.route('**/api/tasks/**', (route) => failTwice(route))
  await context.route('**/api/tasks', (route) => failTwice(route))
  async function failTwice(route: Parameters<Parameters<typeof context.route>[1]>[0]) {
    const request = route.request()
    const call = `${request.method()} ${new URL(request.url()).pathname}`
    const count = request.method() === 'GET' ? 9 : (attempts.get(call) ?? 0) + 1
    attempts.set(call, count)
    if (count === 1) return route.fulfill({ status: 503, headers: { 'Retry-After': '0' } })
    if (count === 2) {
      await route.fetch()
      return route.abort()
    }
    return route.continue()
  }
  await context.setOffline(false)
  const nextTab = await context.newPage()
  await nextTab.goto('/tasks')
  await expectTitles(nextTab, ['Candles', 'Rye bread', 'Milk'])
  await expectStored(nextTab, CHANGED_TASKS, 45_000)
  await expectTitles(nextTab, ['Candles', 'Rye bread', 'Milk'])
  await expect(offlineNote(nextTab)).toBeHidden()
  expect(
    [...attempts.entries()].filter(([call]) => !call.startsWith('GET')).map(([, count]) => count),
  ).toEqual([3, 3, 3, 3])
})

test('WEB-46 a reload offline shows the list on this device with the changes made since', async ({
  page,
  context,
}) => {
  await openListWith(page, ['Salt', 'Bread', 'Milk'])
  await expectReplica(page, ['Salt', 'Bread', 'Milk'])
  await serviceWorkerReady(page)
  await context.setOffline(true)
  await changeFourTasks(page)
  await page.reload()
  await expectTitles(page, ['Candles', 'Rye bread', 'Milk'])
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await expect(offlineNote(page)).toContainText('4 changes')
  await context.setOffline(false)
  await expectStored(page, CHANGED_TASKS)
})

test('WEB-46 while the database is unavailable the page opens with the list on this device, and says so', async ({
  page,
  context,
}) => {
  await openListWith(page, ['Milk'])
  await expectReplica(page, ['Milk'])
  // The document has no user, as when the Worker cannot read the session, and every call fails.
  await serviceWorkerReady(page)
  await context.route('**/api/**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'Retry-After': '1' },
      body: '{"code":"database-away","title":"The database does not answer","detail":"Try again soon."}',
    }),
  )
  await page.goto('/shell/tasks')
  await expectTitles(page, ['Milk'])
  await expect(
    page.getByText('The database does not answer. This is the list as this device has it.'),
  ).toBeVisible()
})

test('WEB-44 a change in one tab is in the other at once, and nothing is fetched for it', async ({
  page,
  context,
}) => {
  await openNewList(page)
  const other = await context.newPage()
  await other.goto('/tasks')
  await expectOpenTasks(other, 0)
  // Its first requests have ended.
  await other.waitForLoadState('networkidle')
  // Either tab may be the one that sends.
  const calls: string[] = []
  for (const tab of [page, other])
    tab.on('request', (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await addTask(page, 'Milk')
  await expect(other.getByRole('checkbox', { name: 'Milk' })).toBeVisible()
  await expectStored(page, [{ title: 'Milk' }])
  await expect(other.getByRole('button', { name: 'Delete Milk' })).toBeVisible()
  expect(calls).toEqual(['POST /api/tasks'])
  await context.setOffline(true)
  await other.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await expect(offlineNote(page)).toContainText('1 change')
  await context.setOffline(false)
  await expectStored(page, [{ title: 'Milk', completed: true }])
})

test('WEB-45 logging out with unsent changes asks first; nothing of the user stays on the device', async ({
  page,
  context,
}) => {
  const { email } = await openListWith(page, ['Milk'])
  const other = await context.newPage()
  await other.goto('/tasks')
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 503 }))
  await addTask(page, 'A secret')
  await expect(offlineNote(page)).toBeVisible()

  await page.getByRole('button', { name: 'Log out' }).click()
  const dialog = page.getByRole('dialog', { name: 'One change is not saved yet.' })
  await dialog.getByRole('button', { name: 'Stay logged in' }).click()
  await expect(dialog).toBeHidden()
  expect(await taskTitles(page)).toEqual(['A secret', 'Milk'])

  await page.getByRole('button', { name: 'Log out' }).click()
  await dialog.getByRole('button', { name: 'Log out and lose it' }).click()
  await expect(page).toHaveURL('/')
  await expect(other).toHaveURL('/')
  const remaining = JSON.stringify(await storedOnDevice(page))
  expect(remaining).not.toMatch(/Milk|secret/)
  await context.unroute('**/api/tasks')
  await page.goto('/login')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await expectOpenTasks(page, 1)
  expect(await taskTitles(page)).toEqual(['Milk'])
})

test('WEB-47 after a session has ended, unsent changes are kept for the same user and hidden from another', async ({
  page,
  context,
}) => {
  const { email } = await openListWith(page, ['Milk'])
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 401 }))
  await addTask(page, 'Bread')
  await expect(page).toHaveURL(/\/login/)
  await context.unroute('**/api/tasks')
  await context.clearCookies()
  await openNewList(page, 'Bob')
  expect(await taskTitles(page)).toEqual([])
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/')
  await page.goto('/login')
  await logIn(page, email)
  await expectStored(page, [{ title: 'Bread' }, { title: 'Milk' }])
})
