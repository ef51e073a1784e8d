import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import { expect as expectSoon, test, type Page } from '@playwright/test'
import { addTask, join, logIn, PASSWORD, stored, titles } from './people.ts'

/** Some of these pages read and write a lot. */
const expect = expectSoon.configure({ timeout: 15_000 })
test.setTimeout(90_000)

const NEW = 'another fine password'
const part = (page: Page, name: string) => page.getByRole('region', { name })

async function openAccount(page: Page) {
  await page.goto('/account')
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeVisible()
}

/** Presses the button, and gives what was saved and its name. */
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
  await dialog.getByLabel('Your password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Delete everything' }).click()
}

async function changePassword(page: Page, now: string, next: string) {
  await page.getByLabel('Current password', { exact: true }).fill(now)
  await page.getByLabel('New password', { exact: true }).fill(next)
  await page.getByRole('button', { name: 'Change password' }).click()
}

test('WEB-70 a person changes their name, and finds it changed', async ({ page }) => {
  await join(page)
  await page.getByRole('link', { name: 'Account' }).click()
  await expect(page).toHaveURL('/account')
  const name = part(page, 'Name').getByLabel('Name', { exact: true })
  await name.fill('  ')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(part(page, 'Name')).toContainText('Your name must not be empty.')
  await name.fill('Anna')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(part(page, 'Name')).toContainText('Saved.')
  await page.reload()
  await expect(name).toHaveValue('Anna')
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByText('Anna')).toBeVisible()
})

test('WEB-71 a person changes their password, and other devices are out', async ({ page, browser }) => {
  const { email } = await join(page)
  const phone = await (await browser.newContext()).newPage()
  await phone.goto('/login')
  await logIn(phone, email)
  await expect(phone).toHaveURL('/tasks')
  await openAccount(page)
  await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' })).toHaveCount(2)
  await changePassword(page, 'not it at all', NEW)
  await expect(part(page, 'Password')).toContainText('That password is incorrect.')
  await expect(part(page, 'Password').locator('input[name="currentPassword"]')).toBeFocused()
  await changePassword(page, PASSWORD, NEW)
  await expect(part(page, 'Password')).toContainText('Your password is changed.')
  await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' })).toHaveCount(1)
  await phone.goto('/account')
  await expect(phone).toHaveURL('/login?next=%2Faccount')
  await logIn(phone, email)
  await expect(phone.getByRole('alert')).toContainText('incorrect')
  await logIn(phone, email, NEW)
  await expect(phone).toHaveURL('/account')
})

test('WEB-72 a revoked device is sent to log in by the next thing it does to the account', async ({
  page,
  browser,
}) => {
  const { email } = await join(page)
  const phone = await (await browser.newContext()).newPage()
  await phone.goto('/login?next=/account')
  await logIn(phone, email)
  await expect(phone.getByRole('list', { name: 'Sessions' })).toBeVisible()
  await openAccount(page)
  await page.getByRole('button', { name: /^Revoke/ }).click()
  await expect(part(page, 'Where you are logged in')).toContainText('That session has ended.')
  await phone.getByRole('button', { name: 'Save name' }).click()
  await expect(phone).toHaveURL('/login?next=%2Faccount')
})

test('WEB-73 a person sees this session marked, and logs out everywhere', async ({ page }) => {
  await join(page)
  await openAccount(page)
  await expect(page.getByRole('listitem')).toContainText(/Chrome on \w+ this device/)
  await page.getByRole('button', { name: 'Log out everywhere' }).click()
  await expect(page).toHaveURL('/')
  await page.goto('/account')
  await expect(page).toHaveURL('/login?next=%2Faccount')
})

test('WEB-74 everything is exported, and half an export is not saved', async ({ page }) => {
  await join(page)
  for (const title of ['Milk', '=1+1']) await addTask(page, title)
  await stored(page, [{ title: '=1+1' }, { title: 'Milk' }])
  await openAccount(page)
  const json = await exportAs(page, 'JSON')
  expect(json.name).toMatch(/^margin-tasks-\d{4}-\d\d-\d\d\.json$/)
  expect((JSON.parse(json.text) as { tasks: object[] }).tasks).toHaveLength(2)
  expect((await exportAs(page, 'CSV')).text).toContain(`"'=1+1"`)
  await expect(part(page, 'Your tasks')).toContainText(/\.csv, 1 kB\./)
  await page.route('**/api/tasks/export*', (route) => route.abort())
  await page.getByRole('button', { name: 'Export as JSON' }).click()
  await expect(part(page, 'Your tasks').getByRole('alert').first()).toContainText('Nothing was saved.')
})

test('WEB-75 a list goes along from a deleted account to a new one, once however often', async ({ page }) => {
  const { email } = await join(page)
  for (const title of ['Milk', 'Bread', 'Old']) await addTask(page, title)
  // What is deleted before it was sent was never there.
  await stored(page, [{ title: 'Old' }, { title: 'Bread' }, { title: 'Milk' }])
  await page.getByRole('checkbox', { name: 'Bread' }).check()
  // Deleted before it was sent, it would be nobody's.
  await stored(page, [{ title: 'Old' }, { title: 'Bread', completed: true }, { title: 'Milk' }])
  await page.getByRole('button', { name: 'Delete Old' }).click()
  await stored(page, [{ title: 'Bread', completed: true }, { title: 'Milk' }])
  await openAccount(page)
  const { text } = await exportAs(page, 'JSON')
  await deleteAccount(page)
  await expect(page).toHaveURL('/')
  await page.goto('/login')
  await logIn(page, email)
  await expect(page.getByRole('alert')).toContainText('incorrect')

  await join(page, 'Bob')
  await openAccount(page)
  await importFile(page, text)
  await expect(part(page, 'Your tasks')).toContainText('Added 3, updated 0, unchanged 0.')
  await importFile(page, text)
  await expect(part(page, 'Your tasks')).toContainText('Added 0, updated 0, unchanged 3.')
  await page.getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('checkbox', { name: 'Bread' })).toBeChecked()
  expect(await titles(page)).toEqual(['Bread', 'Milk'])
  await stored(page, [{ title: 'Bread', completed: true }, { title: 'Milk' }])
})

test('WEB-76 an import that is cut off goes on where it stopped', async ({ page }) => {
  await join(page)
  await openAccount(page)
  const time = '2026-01-01T00:00:00.000Z'
  const tasks = Array.from({ length: 900 }, (_, n) => ({
    id: crypto.randomUUID(),
    title: `Task ${n}`,
    created_at: time,
    updated_at: time,
  }))
  const file = (more: object[] = []) =>
    JSON.stringify({ format: 'margin-tasks', version: 1, tasks: [...tasks, ...more] })
  let calls = 0
  // The second part is taken in, and its answer lost.
  await page.route('**/api/tasks/import', async (route) => {
    if (calls++ !== 1) return route.continue()
    await route.fetch()
    return route.abort()
  })
  await importFile(page, file())
  await expect(part(page, 'Your tasks')).toContainText('Margin can’t be reached')
  await page.getByRole('button', { name: /^Continue from task/ }).click()
  await expect(part(page, 'Your tasks')).toContainText(/Added \d+, updated 0, unchanged \d+\./)
  await importFile(page, file([{ ...tasks[0], id: '7' }]))
  await expect(part(page, 'Your tasks')).toContainText('Task 901 of the file cannot be used.')
  await importFile(page, 'milk')
  await expect(part(page, 'Your tasks')).toContainText('This file is not an export of Margin.')
  await page.goto('/tasks')
  await expect(page.getByRole('heading', { name: '900 open tasks' })).toBeVisible()
})

test('WEB-77 deleting asks for the password, and can be thought better of', async ({ page }) => {
  const { email } = await join(page)
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

test('WEB-79 without connection each part says so, and nothing typed is lost', async ({ page, context }) => {
  await join(page)
  await openAccount(page)
  await context.setOffline(true)
  await part(page, 'Name').getByLabel('Name', { exact: true }).fill('Anna')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(part(page, 'Name').getByRole('alert')).toContainText('Margin can’t be reached')
  await changePassword(page, PASSWORD, NEW)
  await expect(part(page, 'Password').getByRole('alert')).toContainText('may already have changed')
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(part(page, 'Name')).toContainText('Saved.')
})

test('WEB-79 the page that comes without its person offers to try again', async ({ page }) => {
  await join(page)
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

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

for (const colorScheme of ['light', 'dark'] as const)
  test(`WEB-78 the account page in ${colorScheme} is accessible, quiet, and fits 320 pixels`, async ({
    browser,
  }) => {
    const page = await (await browser.newContext({ colorScheme })).newPage()
    const said: string[] = []
    page.on('pageerror', (error) => said.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) said.push(message.text())
    })
    const expectAccessible = async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      )
    }
    await join(page)
    await openAccount(page)
    await expectAccessible()
    await changePassword(page, 'not it at all', 'short')
    await importFile(page, 'milk')
    await expect(part(page, 'Your tasks').getByRole('alert').last()).not.toBeEmpty()
    await expectAccessible()
    await page.setViewportSize({ width: 320, height: 640 })
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Delete account…' }).click()
    await expectAccessible()
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    expect(said).toEqual([])
  })
