import { expect, test } from '@playwright/test'
import { addTask, join, logIn, stored } from './people.ts'

test('WEB-33 a stranger who asks for the list is asked to log in, and then comes to what was asked for', async ({
  page,
}) => {
  const { email } = await join(page)
  await page.context().clearCookies()
  await page.goto('/tasks?filter=open')
  await expect(page).toHaveURL('/login?next=%2Ftasks%3Ffilter%3Dopen')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks?filter=open')
})

test('WEB-6 a link cannot lead from the login to another site', async ({ page }) => {
  const { email } = await join(page)
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    await page.context().clearCookies()
    await page.goto(`/login?next=${encodeURIComponent(next)}`)
    await logIn(page, email)
    await expect(page).toHaveURL('/tasks')
  }
})

test('WEB-10 a session that ended elsewhere leads to the login, not to an empty list', async ({ page }) => {
  await join(page)
  await addTask(page, 'Milk')
  await page.context().clearCookies()
  await page.route('**/api/tasks', (route) => route.fulfill({ status: 401 }))
  await page.getByLabel('Add a task').fill('Bread')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/login\?next=%2Ftasks/)
})

test("WEB-34 what somebody else wrote is nowhere, and is shown as text wherever it is one's own", async ({
  page,
  browser,
}) => {
  await join(page)
  await addTask(page, '<img src=x onerror=alert(1)></script><b>bold</b>')
  await stored(page, [{ title: '<img src=x onerror=alert(1)></script><b>bold</b>' }])
  await page.reload()
  await expect(
    page.getByRole('checkbox', { name: '<img src=x onerror=alert(1)></script><b>bold</b>' }),
  ).toBeVisible()
  const other = await (await browser.newContext()).newPage()
  await join(other, 'Bob')
  expect(await other.content()).not.toContain('onerror')
})

test('WEB-3 a page that is not there says so and leads home', async ({ page }) => {
  const response = await page.goto('/no-such-page')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Start page' }).click()
  await expect(page).toHaveURL('/')
})
