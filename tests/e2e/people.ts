import { randomUUID } from 'node:crypto'
import { expect, type Page } from '@playwright/test'

export const PASSWORD = 'correct horse battery'

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
