import { expect, test, type Browser, type Page } from '@playwright/test'
import { addTask, deviceHolds, join, logIn, PASSWORD, stored, titles } from './people.ts'

/** The list of the same person on another device. */
async function phoneOf(browser: Browser, email: string): Promise<Page> {
  const phone = await (await browser.newContext()).newPage()
  await phone.goto('/login')
  await logIn(phone, email)
  await expect(phone).toHaveURL('/tasks')
  return phone
}

/** Changes the text of a task in place. */
async function edit(page: Page, task: string, field: 'Title' | 'Description', text: string) {
  await page.getByRole('button', { name: `Edit ${task}` }).click()
  await page.getByLabel(field).fill(text)
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByLabel('Title')).toBeHidden()
}

test('WEB-39 what two devices changed of one task is merged by field', async ({ page, browser }) => {
  const { email } = await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  const phone = await phoneOf(browser, email)
  await expect(phone.getByRole('checkbox', { name: 'Milk' })).toBeVisible()
  await phone.context().setOffline(true)
  await edit(phone, 'Milk', 'Description', 'Two litres')
  await edit(page, 'Milk', 'Title', 'Oat milk')
  await stored(page, [{ title: 'Oat milk' }])

  const answers: number[] = []
  phone.on('response', (response) => {
    if (response.request().method() === 'PATCH') answers.push(response.status())
  })
  await phone.context().setOffline(false)
  await stored(page, [{ title: 'Oat milk', description: 'Two litres' }])
  await expect.poll(() => titles(phone)).toEqual(['Oat milk'])
  expect(answers).toEqual([412, 200])
})

test('WEB-37 what two tabs did offline is sent once each, in total', async ({ page, context }) => {
  await join(page)
  const other = await context.newPage()
  await other.goto('/tasks')
  await expect(other.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  await context.setOffline(true)
  for (const title of ['One', 'Two']) await addTask(page, title)
  for (const title of ['Three', 'Four']) await addTask(other, title)
  await expect.poll(() => titles(page)).toEqual(['Four', 'Three', 'Two', 'One'])

  const sent: string[] = []
  context.on('response', (response) => {
    const request = response.request()
    if (request.method() === 'POST') sent.push((request.postDataJSON() as { title: string }).title)
  })
  await context.setOffline(false)
  await stored(
    page,
    ['Four', 'Three', 'Two', 'One'].map((title) => ({ title })),
  )
  for (const tab of [page, other]) await expect(tab.getByText(/kept on this device/)).toBeHidden()
  expect(sent).toEqual(['One', 'Two', 'Three', 'Four'])
})

test('WEB-47 a session that another device revokes leads to the login, and what was unsent is sent after it', async ({
  page,
  browser,
}) => {
  await page.clock.install()
  const { email } = await join(page)
  const phone = await phoneOf(browser, email)
  await page.context().setOffline(true)
  await addTask(page, 'Milk')
  await phone.goto('/account')
  await phone.getByRole('button', { name: /^Revoke/ }).click()
  await expect(phone.getByText('That session has ended.')).toBeVisible()

  // The token of this page has run out meanwhile, and so has the cookie that says for minutes who is here.
  await page.clock.fastForward('30:00')
  await page.context().clearCookies({ name: /session_data/ })
  await page.context().setOffline(false)
  await expect(page).toHaveURL('/login?next=%2Ftasks')
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await stored(page, [{ title: 'Milk' }])
})

test('WEB-45 in a browser that keeps nothing, what only the page has is asked about from any page', async ({
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
  await join(page)
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
  await stored(page, [{ title: 'Milk' }])
  await account.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(account).toHaveURL('/')
})

test('WEB-74 an export that lacks what is not saved yet says so', async ({ page, context }) => {
  await join(page)
  await context.route('**/api/tasks', (route) => route.fulfill({ status: 503 }))
  await addTask(page, 'Milk')
  await page.goto('/account')
  await page.getByRole('button', { name: 'Export as JSON' }).click()
  await expect(page.getByText('It lacks one change that is not saved yet.')).toBeVisible()
})

for (const [end, way] of [
  ['all sessions', 'Log out everywhere'],
  ['the account', 'Delete account…'],
] as const)
  test(`WEB-45 to end ${end} is to forget all at once, also when the logging out fails`, async ({ page }) => {
    await join(page)
    await addTask(page, 'Milk')
    await stored(page, [{ title: 'Milk' }])
    await page.goto('/account')
    await page.route('**/api/auth/sign-out', (route) => route.abort())
    await page.getByRole('button', { name: way }).click()
    if (end === 'the account') {
      await page.getByLabel('Your password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Delete everything' }).click()
      await expect(page).toHaveURL('/')
    }
    await expect.poll(async () => JSON.stringify(await deviceHolds(page))).not.toContain('Milk')
  })
