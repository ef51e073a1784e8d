import { expect, type Page } from '@playwright/test'
import { signUp, type TestUser } from './users.ts'

interface ExpectedTask {
  title: string
  completed?: boolean
  description?: string | null
}

const DATABASE_URL = `http://127.0.0.1:${process.env['E2E_DB_PORT'] ?? '4497'}/sql`

async function authorization(page: Page) {
  const { token } = (await (await page.request.get('/api/auth/token')).json()) as { token: string }
  return { Authorization: `Bearer ${token}` }
}

/** Registers a new user and opens their empty list. */
export const openNewList = (page: Page, name?: string): Promise<TestUser> => openListWith(page, [], name)

/** Registers a new user with these tasks, the first one at the top, and opens their list. */
export async function openListWith(page: Page, titles: readonly string[], name?: string): Promise<TestUser> {
  const user = await signUp(page, name)
  await createTasks(page, titles)
  await page.goto('/tasks')
  await expectOpenTasks(page, titles.length)
  return user
}

/** Waits until the headline counts `count` open tasks. */
export const expectOpenTasks = (page: Page, count: number) =>
  expect(
    page.getByRole('heading', {
      name: `${count.toLocaleString('en')} open ${count === 1 ? 'task' : 'tasks'}`,
      exact: true,
    }),
  ).toBeVisible()

/** Creates tasks through the API, so that the first of `titles` is the newest. */
export async function createTasks(page: Page, titles: readonly string[]) {
  if (titles.length === 0) return
  const headers = await authorization(page)
  for (const title of titles.toReversed()) {
    const response = await page.request.post('/api/tasks', { data: { title }, headers })
    expect(response.status()).toBe(201)
  }
}

/** Inserts `count` tasks for a user, "Task 1" being the oldest, in one SQL statement: requests would take minutes. */
export async function insertTasks(email: string, count: number) {
  const query = `
    insert into tasks (id, user_id, title, description, created_at, updated_at)
    select gen_random_uuid(), "user".id,
           'Task ' || n || case when n % 7 = 0 then ' and then some more words, so that it wraps on a narrow sheet' else '' end,
           case when n % 5 = 0 then 'Note ' || n end, at, at
    from "user", generate_series(1, $2::int) n, lateral (select now() - ($2 - n) * interval '1 second') t (at)
    where "user".email = $1`
  const response = await fetch(DATABASE_URL, {
    method: 'POST',
    body: JSON.stringify({ query, params: [email, String(count)] }),
    headers: { 'Neon-Connection-String': 'postgres://margin:margin@localhost/margin' },
  })
  expect(await response.json()).toMatchObject({ rowCount: count })
}

/** Adds a task through the page. */
export async function addTask(page: Page, title: string) {
  await page.getByLabel('Add a task').fill(title)
  await page.keyboard.press('Enter')
  await expect(checkboxOf(page, title)).toBeVisible()
}

export const checkboxOf = (page: Page, title: string) =>
  page.getByRole('checkbox', { name: title, exact: true })

/** Returns the titles on the page, from the top. */
export const taskTitles = (page: Page) =>
  page
    .getByRole('list', { name: 'Tasks' })
    .getByRole('checkbox')
    .evaluateAll((checkboxes) => checkboxes.map((checkbox) => checkbox.getAttribute('aria-label')))

export const expectTitles = (page: Page, titles: readonly string[]) =>
  expect.poll(() => taskTitles(page)).toEqual(titles)

/** Waits until the server has exactly these tasks, newest first. */
export async function expectStored(page: Page, expected: readonly ExpectedTask[], timeoutMs?: number) {
  const readTasks = async () => {
    const response = await page.request.get('/api/tasks', { headers: await authorization(page) })
    return ((await response.json()) as { tasks: object[] }).tasks
  }
  await expect
    .poll(readTasks, timeoutMs === undefined ? {} : { timeout: timeoutMs })
    .toEqual(expected.map((task) => expect.objectContaining({ ...task })))
}

/** Returns everything that the site's scripts have stored on the device. */
export const storedOnDevice = (page: Page) =>
  page.evaluate(async () => {
    const resultOf = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve) => (request.onsuccess = () => resolve(request.result)))
    const values: unknown[] = Object.values(localStorage)
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await resultOf(indexedDB.open(name))
      values.push(...(await resultOf(database.transaction('kept').objectStore('kept').getAll())))
      database.close()
    }
    return values
  })

/** Waits until the device has stored a complete copy of a list with exactly these tasks. */
export async function expectReplica(page: Page, titles: readonly string[]) {
  const readTitles = async () => {
    const values = (await storedOnDevice(page)) as { complete?: boolean; tasks?: { title: string }[] }[]
    return values
      .find(({ complete }) => complete)
      ?.tasks?.map(({ title }) => title)
      .toSorted()
  }
  await expect.poll(readTitles).toEqual(titles.toSorted())
}

/** Deletes the replica and the outbox from the device, from a page that does not use them. */
export const clearDevice = (page: Page) =>
  page.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
  })

/** Resolves once the service worker controls the site, so that the next page load can come from its cache. */
export const serviceWorkerReady = (page: Page) =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready))
