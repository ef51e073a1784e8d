import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { collectErrors, expectAccessible, expectFits320 } from './page-checks.ts'
import {
  createTasks,
  expectOpenTasks,
  expectStored,
  openListWith,
  openNewList,
  taskTitles,
} from './task-list.ts'
import { logIn, logInElsewhere, signUp, TEST_PASSWORD } from './users.ts'

test.setTimeout(180_000)

const NEW_PASSWORD = 'another fine password'
const section = (page: Page, name: string) => page.getByRole('region', { name })

async function openAccount(page: Page) {
  await page.goto('/account')
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeVisible()
}

/** Presses the button. Returns the name and text of the file that the browser saves. */
async function exportAs(page: Page, format: 'JSON' | 'CSV') {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Export as ${format}` }).click(),
  ])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

async function importFile(page: Page, text: string) {
  const file = { name: 'margin.json', mimeType: 'application/json', buffer: Buffer.from(text) }
  await page.getByLabel('Import JSON').setInputFiles(file)
}

async function deleteAccount(page: Page) {
  await page.getByRole('button', { name: 'Delete account…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
  await dialog.getByLabel('Your password', { exact: true }).fill(TEST_PASSWORD)
  await dialog.getByRole('button', { name: 'Delete everything' }).click()
}

async function changePassword(page: Page, current: string, next: string) {
  await page.getByLabel('Current password', { exact: true }).fill(current)
  await page.getByLabel('New password', { exact: true }).fill(next)
  await page.getByRole('button', { name: 'Change password' }).click()
}

test('WEB-70 a user changes their name and finds it changed', async ({ page }) => {
  await openNewList(page)
  await page.getByRole('link', { name: 'Account' }).click()
  await expect(page).toHaveURL('/account')
  const name = section(page, 'Name').getByLabel('Name', { exact: true })
  await name.fill('  ')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(section(page, 'Name')).toContainText('Your name must not be empty.')
  await name.fill('Anna')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(section(page, 'Name')).toContainText('Saved.')
  await page.reload()
  await expect(name).toHaveValue('Anna')
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByText('Anna')).toBeVisible()
})

test('WEB-71 a user changes their password, which ends the sessions on other devices', async ({
  page,
  browser,
}) => {
  const { email } = await signUp(page)
  const phone = await logInElsewhere(browser, email)
  await openAccount(page)
  await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' })).toHaveCount(2)
  await changePassword(page, 'not it at all', NEW_PASSWORD)
  await expect(section(page, 'Password')).toContainText('That password is incorrect.')
  await expect(page.getByLabel('Current password', { exact: true })).toBeFocused()
  await changePassword(page, TEST_PASSWORD, NEW_PASSWORD)
  await expect(section(page, 'Password')).toContainText('Your password is changed.')
  await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' })).toHaveCount(1)
  await phone.goto('/account')
  await expect(phone).toHaveURL('/login?next=%2Faccount')
  await logIn(phone, email)
  await expect(phone.getByRole('alert')).toContainText('incorrect')
  await logIn(phone, email, NEW_PASSWORD)
  await expect(phone).toHaveURL('/account')
})

test('WEB-72 a device whose session was revoked is sent to the login by its next change to the account', async ({
  page,
  browser,
}) => {
  const { email } = await signUp(page)
  const phone = await logInElsewhere(browser, email, '/account')
  await expect(phone.getByRole('list', { name: 'Sessions' })).toBeVisible()
  await openAccount(page)
  await page.getByRole('button', { name: /^Revoke/ }).click()
  await expect(section(page, 'Where you are logged in')).toContainText('That session has ended.')
  await phone.getByRole('button', { name: 'Save name' }).click()
  await expect(phone).toHaveURL('/login?next=%2Faccount')
})

test('WEB-73 a user sees this session marked, and logs out everywhere', async ({ page }) => {
  await signUp(page)
  await openAccount(page)
  await expect(page.getByRole('listitem')).toContainText(/Chrome on \w+ this device/)
  await page.getByRole('button', { name: 'Log out everywhere' }).click()
  await expect(page).toHaveURL('/')
  await page.goto('/account')
  await expect(page).toHaveURL('/login?next=%2Faccount')
})

test('WEB-74 all tasks are exported, and a partial export is not saved', async ({ page }) => {
  await signUp(page)
  await createTasks(page, ['=1+1', 'Milk'])
  await openAccount(page)
  const json = await exportAs(page, 'JSON')
  expect(json.name).toMatch(/^margin-tasks-\d{4}-\d\d-\d\d\.json$/)
  expect((JSON.parse(json.text) as { tasks: object[] }).tasks).toHaveLength(2)
  expect((await exportAs(page, 'CSV')).text).toContain(`"'=1+1"`)
  await expect(section(page, 'Your tasks')).toContainText(/\.csv, 1 kB\./)
  await page.route('**/api/tasks/export*', (route) => route.abort())
  await page.getByRole('button', { name: 'Export as JSON' }).click()
  await expect(section(page, 'Your tasks').getByRole('alert').first()).toContainText('Nothing was saved.')
})

test('WEB-75 an export moves a list from a deleted account to a new one, also when imported twice', async ({
  page,
}) => {
  const { email } = await openListWith(page, ['Old', 'Bread', 'Milk'])
  await page.getByRole('checkbox', { name: 'Bread' }).check()
  await expectStored(page, [{ title: 'Old' }, { title: 'Bread', completed: true }, { title: 'Milk' }])
  await page.getByRole('button', { name: 'Delete Old' }).click()
  await expectStored(page, [{ title: 'Bread', completed: true }, { title: 'Milk' }])
  await openAccount(page)
  const { text } = await exportAs(page, 'JSON')
  await deleteAccount(page)
  await expect(page).toHaveURL('/')
  await page.goto('/login')
  await logIn(page, email)
  await expect(page.getByRole('alert')).toContainText('incorrect')

  await signUp(page, 'Bob')
  await openAccount(page)
  await importFile(page, text)
  await expect(section(page, 'Your tasks')).toContainText('Added 3, updated 0, unchanged 0.')
  await importFile(page, text)
  await expect(section(page, 'Your tasks')).toContainText('Added 0, updated 0, unchanged 3.')
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('checkbox', { name: 'Bread' })).toBeChecked()
  expect(await taskTitles(page)).toEqual(['Bread', 'Milk'])
  await expectStored(page, [{ title: 'Bread', completed: true }, { title: 'Milk' }])
})

test('WEB-76 an interrupted import continues where it stopped', async ({ page }) => {
  await signUp(page)
  await openAccount(page)
  const time = '2026-01-01T00:00:00.000Z'
  const tasks = Array.from({ length: 900 }, (_, n) => ({
    id: crypto.randomUUID(),
    title: `Task ${n}`,
    created_at: time,
    updated_at: time,
  }))
  const exportWith = (more: object[] = []) =>
    JSON.stringify({ format: 'margin-tasks', version: 1, tasks: [...tasks, ...more] })
  let calls = 0
  // The server imports the second part, and its response is lost.
  await page.route('**/api/tasks/import', async (route) => {
    if (calls++ !== 1) return route.continue()
    await route.fetch()
    return route.abort()
  })
  await importFile(page, exportWith())
  await expect(section(page, 'Your tasks')).toContainText('Margin can’t be reached')
  await page.getByRole('button', { name: /^Continue from task/ }).click()
  await expect(section(page, 'Your tasks')).toContainText(/Added \d+, updated 0, unchanged \d+\./)
  await importFile(page, exportWith([{ ...tasks[0], id: '7' }]))
  await expect(section(page, 'Your tasks')).toContainText('Task 901 of the file cannot be used.')
  await importFile(page, 'milk')
  await expect(section(page, 'Your tasks')).toContainText('This file is not an export of Margin.')
  await page.goto('/tasks')
  await expectOpenTasks(page, 900)
})

test('WEB-77 deleting the account asks for the password, and can be cancelled', async ({ page }) => {
  const { email } = await signUp(page)
  await openAccount(page)
  await page.getByRole('button', { name: 'Delete account…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
  await expect(dialog).toContainText(email)
  await dialog.getByLabel('Your password', { exact: true }).fill('not it at all')
  await dialog.getByRole('button', { name: 'Delete everything' }).click()
  await expect(dialog).toContainText('That password is incorrect.')
  await expect(dialog.getByLabel('Your password', { exact: true })).toBeFocused()
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(page.getByRole('button', { name: 'Delete account…' })).toBeFocused()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible()
})

test('WEB-79 without a connection each section says so, and nothing typed is lost', async ({
  page,
  context,
}) => {
  await signUp(page)
  await openAccount(page)
  await context.setOffline(true)
  await section(page, 'Name').getByLabel('Name', { exact: true }).fill('Anna')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(section(page, 'Name').getByRole('alert')).toContainText('Margin can’t be reached')
  await changePassword(page, TEST_PASSWORD, NEW_PASSWORD)
  await expect(section(page, 'Password').getByRole('alert')).toContainText('may already have changed')
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(section(page, 'Name')).toContainText('Saved.')
})

test('WEB-79 a page without its user offers to try again', async ({ page }) => {
  await signUp(page)
  await page.route('**/account', async (route) => {
    const response = await route.fetch()
    const html = (await response.text()).replace(
      /<script type="application\/json" id="margin-session">.*?<\/script>/,
      '',
    )
    await route.fulfill({ response, body: html })
  })
  await page.goto('/account')
  await expect(page.getByText('Your account could not be read.')).toBeVisible()
  await page.unroute('**/account')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeVisible()
})

test('WEB-78 the account page is accessible in dark and light, logs no errors, and fits 320 pixels', async ({
  page,
}) => {
  const errors = collectErrors(page, /status of 4\d\d/)
  await signUp(page)
  await openAccount(page)
  await expectAccessible(page)
  await changePassword(page, 'not it at all', 'short')
  await importFile(page, 'milk')
  await expect(section(page, 'Your tasks').getByRole('alert').last()).not.toBeEmpty()
  await expectAccessible(page)
  await expectFits320(page)
  await page.getByRole('button', { name: 'Delete account…' }).click()
  await expectAccessible(page)
  await expectFits320(page)
  expect(errors).toEqual([])
})
