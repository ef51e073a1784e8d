import { expect, test } from '@playwright/test'
import { addTask, expectStored, openListWith, openNewList } from './task-list.ts'
import { logIn, signUp } from './users.ts'

test('WEB-33 a visitor who opens the list is led to the login, and from there to the requested page', async ({
  page,
}) => {
  const { email } = await signUp(page)
  await page.context().clearCookies()
  await page.goto('/tasks?filter=open')
  await expect(page).toHaveURL('/login?next=%2Ftasks%3Ffilter%3Dopen')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks?filter=open')
})

test('WEB-6 a link cannot make the login redirect to another site', async ({ page }) => {
  const { email } = await signUp(page)
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    await page.context().clearCookies()
    await page.goto(`/login?next=${encodeURIComponent(next)}`)
    await logIn(page, email)
    await expect(page).toHaveURL('/tasks')
  }
})

test('WEB-10 a session that ended elsewhere leads to the login, not to an empty list', async ({ page }) => {
  await openListWith(page, ['Milk'])
  await page.context().clearCookies()
  await page.route('**/api/tasks', (route) => route.fulfill({ status: 401 }))
  await page.getByLabel('Add a task').fill('Bread')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/login\?next=%2Ftasks/)
})

test('WEB-34 markup in a title is shown as text, and other users do not get it', async ({
  page,
  browser,
}) => {
  const title = '<img src=x onerror=alert(1)></script><b>bold</b>'
  await openNewList(page)
  await addTask(page, title)
  await expectStored(page, [{ title }])
  await page.reload()
  await expect(page.getByRole('checkbox', { name: title })).toBeVisible()
  const other = await (await browser.newContext()).newPage()
  await openNewList(other, 'Bob')
  expect(await other.content()).not.toContain('onerror')
})

test('WEB-3 an unknown page says so and links to the start page', async ({ page }) => {
  const response = await page.goto('/no-such-page')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Start page' }).click()
  await expect(page).toHaveURL('/')
})
