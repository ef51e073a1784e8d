import { randomUUID } from 'node:crypto'
import { expect, type Page } from '@playwright/test'

export const PASSWORD = 'correct horse battery'

const DATABASE = `http://127.0.0.1:${process.env['E2E_DB_PORT'] ?? '4497'}/sql`

/** Somebody new, by the API; the page is at their empty list afterwards. */
export async function join(page: Page, name = 'Ann'): Promise<{ name: string; email: string }> {
  const email = `${randomUUID()}@example.com`
  const data = { name, email, password: PASSWORD }
  const answer = await page.request.post('/api/auth/sign-up/email', { data })
  expect(answer.status()).toBe(200)
  await page.goto('/tasks')
  await expect(page.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  return { name, email }
}

/** Registers somebody new through the form, as a person does. */
export async function register(page: Page, name = 'Ann'): Promise<{ name: string; email: string }> {
  const email = `${randomUUID()}@example.com`
  await page.goto('/register')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Start your list' }).click()
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  return { name, email }
}

export async function logIn(page: Page, email: string, password = PASSWORD) {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** Gives somebody `count` tasks, task 1 being the oldest: one statement to the database, as requests would take minutes. */
export async function fill(email: string, count: number) {
  const query = `
    insert into tasks (id, user_id, title, description, created_at, updated_at)
    select gen_random_uuid(), person.id,
           'Task ' || n || case when n % 7 = 0 then ' and then some more words, so that it wraps on a narrow sheet' else '' end,
           case when n % 5 = 0 then 'Note ' || n end, at, at
    from "user" person, generate_series(1, $2::int) n, lateral (select now() - ($2 - n) * interval '1 second') t (at)
    where person.email = $1`
  const response = await fetch(DATABASE, {
    method: 'POST',
    body: JSON.stringify({ query, params: [email, String(count)] }),
    headers: { 'Neon-Connection-String': 'postgres://margin:margin@localhost/margin' },
  })
  expect(await response.json()).toMatchObject({ rowCount: count })
}

export async function addTask(page: Page, title: string) {
  await page.getByLabel('Add a task').fill(title)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('checkbox', { name: title, exact: true })).toBeVisible()
}

/** Titles on the page, from the top. */
export const titles = (page: Page) =>
  page
    .getByRole('list', { name: 'Tasks' })
    .getByRole('checkbox')
    .evaluateAll((ticks) => ticks.map((tick) => tick.getAttribute('aria-label')))

/** Waits until what was done here is stored: the page has nothing left to send. */
export async function stored(
  page: Page,
  expected: { title: string; completed?: boolean; description?: string | null }[],
  withinMs = 15_000,
) {
  await expect
    .poll(
      async () => {
        const { token } = (await (await page.request.get('/api/auth/token')).json()) as { token: string }
        const response = await page.request.get('/api/tasks', {
          headers: { Authorization: `Bearer ${token}` },
        })
        return ((await response.json()) as { tasks: object[] }).tasks
      },
      { timeout: withinMs },
    )
    .toEqual(expected.map((task) => expect.objectContaining(task)))
}

/** Everything that scripts of this site left on the device. */
export const deviceHolds = (page: Page) =>
  page.evaluate(async () => {
    const answer = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve) => (request.onsuccess = () => resolve(request.result)))
    const held: unknown[] = Object.values(localStorage)
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name))
      held.push(...(await answer(database.transaction('kept').objectStore('kept').getAll())))
      database.close()
    }
    return held
  })
