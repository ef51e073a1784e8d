import { randomUUID } from 'node:crypto'
import { expect, type Browser, type Page } from '@playwright/test'

export const TEST_PASSWORD = 'correct horse battery'

export interface TestUser {
  name: string
  email: string
}

export const newEmail = () => `${randomUUID()}@example.com`

/** Registers a new user through the API. The page's context is logged in afterwards; no page is loaded. */
export async function signUp(page: Page, name = 'Ann'): Promise<TestUser> {
  const email = newEmail()
  const data = { name, email, password: TEST_PASSWORD }
  const response = await page.request.post('/api/auth/sign-up/email', { data })
  expect(response.status()).toBe(200)
  return { name, email }
}

/** Registers a new user through the form on the page. */
export async function fillInRegistration(page: Page, { name, email }: TestUser) {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(TEST_PASSWORD)
  await page.getByRole('button', { name: 'Start your list' }).click()
}

/** Logs in through the form on the page. */
export async function logIn(page: Page, email: string, password = TEST_PASSWORD) {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** Logs in on another device, which has its own cookies and storage. Returns its page at `path`. */
export async function logInElsewhere(browser: Browser, email: string, path = '/tasks'): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`/login?next=${encodeURIComponent(path)}`)
  await logIn(page, email)
  await expect(page).toHaveURL(path)
  return page
}
