import { expect, test, type Page } from '@playwright/test'
import {
  addTask,
  expectOpenTasks,
  expectStored,
  expectTitles,
  openListWith,
  openNewList,
  storedOnDevice,
} from './task-list.ts'
import { logIn, logInElsewhere, TEST_PASSWORD } from './users.ts'

/** Edits one field of a task in the list. */
async function editTask(page: Page, task: string, field: 'Title' | 'Description', text: string) {
  await page.getByRole('button', { name: `Edit ${task}` }).click()
  await page.getByLabel(field).fill(text)
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByLabel('Title')).toBeHidden()
}

test('WEB-39 changes of one task on two devices are merged by field', async ({ page, browser }) => {
  const { email } = await openListWith(page, ['Milk'])
  const phone = await logInElsewhere(browser, email)
  await expect(phone.getByRole('checkbox', { name: 'Milk' })).toBeVisible()
  await phone.context().setOffline(true)
  await editTask(phone, 'Milk', 'Description', 'Two litres')
  await editTask(page, 'Milk', 'Title', 'Oat milk')
  await expectStored(page, [{ title: 'Oat milk' }])

  const statuses: number[] = []
  phone.on('response', (response) => {
    if (response.request().method() === 'PATCH') statuses.push(response.status())
  })
  await phone.context().setOffline(false)
  await expectStored(page, [{ title: 'Oat milk', description: 'Two litres' }])
  await expectTitles(phone, ['Oat milk'])
  expect(statuses).toEqual([412, 200])
})

test('WEB-37 changes made offline in two tabs are sent once each', async ({ page, context }) => {
  await openNewList(page)
  const other = await context.newPage()
  await other.goto('/tasks')
  await expectOpenTasks(other, 0)
  await context.setOffline(true)
  for (const title of ['One', 'Two']) await addTask(page, title)
  for (const title of ['Three', 'Four']) await addTask(other, title)
  await expectTitles(page, ['Four', 'Three', 'Two', 'One'])

  const sent: string[] = []
  context.on('response', (response) => {
    const request = response.request()
    if (request.method() === 'POST') sent.push((request.postDataJSON() as { title: string }).title)
  })
  await context.setOffline(false)
  await expectStored(
    page,
    ['Four', 'Three', 'Two', 'One'].map((title) => ({ title })),
  )
  for (const tab of [page, other]) await expect(tab.getByText(/kept on this device/)).toBeHidden()
  expect(sent).toEqual(['One', 'Two', 'Three', 'Four'])
})

test('WEB-47 a session revoked on another device leads to the login, after which unsent changes are sent', async ({
  page,
  browser,
}) => {
  await page.clock.install()
  const { email } = await openNewList(page)
  const phone = await logInElsewhere(browser, email, '/account')
  await page.context().setOffline(true)
  await addTask(page, 'Milk')
  await phone.getByRole('button', { name: /^Revoke/ }).click()
  await expect(phone.getByText('That session has ended.')).toBeVisible()

  // The access token expires, and so does the cookie that caches the session for some minutes.
  await page.clock.fastForward('30:00')
  await page.context().clearCookies({ name: /session_data/ })
  await page.context().setOffline(false)
  await expect(page).toHaveURL('/login?next=%2Ftasks')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await expectStored(page, [{ title: 'Milk' }])
})

test('WEB-45 in a browser that stores nothing, any page asks before changes in an open page are lost', async ({
  page,
  context,
}) => {
  await context.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    IDBObjectStore.prototype.put = refuse
    Storage.prototype.getItem = refuse
    Storage.prototype.setItem = refuse
  })
  // The page with the list is slow to answer other pages.
  await page.addInitScript(() => {
    window.BroadcastChannel = class extends BroadcastChannel {
      override postMessage(message: unknown) {
        setTimeout(() => super.postMessage(message), 600)
      }
    }
  })
  await openNewList(page)
  await page.route('**/api/tasks', (route) => route.fulfill({ status: 503 }))
  await addTask(page, 'Milk')
  await expect(page.getByText('1 change not saved yet; trying again. Keep this page open.')).toBeVisible()
  const account = await context.newPage()
  await account.goto('/account')
  await account.getByRole('button', { name: 'Log out', exact: true }).click()
  const dialog = account.getByRole('dialog', { name: 'One change is not saved yet.' })
  await dialog.getByRole('button', { name: 'Stay logged in' }).click()
  await page.unroute('**/api/tasks')
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await expectStored(page, [{ title: 'Milk' }])
  await account.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(account).toHaveURL('/')
})

test('WEB-74 an export that lacks unsent changes says so', async ({ page, context }) => {
  await openNewList(page)
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 503 }))
  await addTask(page, 'Milk')
  await page.goto('/account')
  await page.getByRole('button', { name: 'Export as JSON' }).click()
  await expect(page.getByText('It lacks one change that is not saved yet.')).toBeVisible()
})

for (const [subject, button] of [
  ['all sessions', 'Log out everywhere'],
  ['the account', 'Delete account…'],
] as const)
  test(`WEB-45 ending ${subject} removes all local data, even if logging out fails`, async ({ page }) => {
    await openListWith(page, ['Milk'])
    await expect.poll(async () => JSON.stringify(await storedOnDevice(page))).toContain('Milk')
    await page.goto('/account')
    await page.route('**/api/auth/sign-out', (route) => route.abort())
    await page.getByRole('button', { name: button }).click()
    if (subject === 'the account') {
      await page.getByLabel('Your password', { exact: true }).fill(TEST_PASSWORD)
      await page.getByRole('button', { name: 'Delete everything' }).click()
      await expect(page).toHaveURL('/')
    }
    await expect.poll(async () => JSON.stringify(await storedOnDevice(page))).not.toContain('Milk')
  })
