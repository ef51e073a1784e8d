import { expect, test } from '@playwright/test'
import { addTask, openNewList } from './task-list.ts'
import { fillInRegistration, logIn, newEmail, signUp, TEST_PASSWORD } from './users.ts'

test('WEB-28 a visitor registers from the start page, adds a task, logs out and in again', async ({
  page,
}) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Start your list' }).first().click()
  await expect(page).toHaveURL('/register')
  const email = newEmail()
  await fillInRegistration(page, { name: 'Ann', email })
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  await addTask(page, 'Buy milk')
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/')
  await page.getByRole('link', { name: 'Log in' }).click()
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('checkbox', { name: 'Buy milk' })).toBeVisible()
})

test('WEB-4 a form shows each error below its field and focuses the first one', async ({ page }) => {
  await page.goto('/register')
  await page.getByLabel('E-mail address').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Start your list' }).click()
  const name = page.getByLabel('Name', { exact: true })
  await expect(name).toBeFocused()
  await expect(name).toHaveAttribute('aria-invalid', 'true')
  await expect(name).toHaveAccessibleDescription(/\w/)
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/8 characters/)
  await expect(page).toHaveURL('/register')
})

test('WEB-5 a wrong password and an unknown address get the same answer', async ({ page }) => {
  const { email } = await signUp(page)
  await page.context().clearCookies()
  const messages: (string | null)[] = []
  for (const [address, password] of [
    [email, 'wrong password'],
    ['nobody@example.com', TEST_PASSWORD],
  ] as const) {
    await page.goto('/login')
    await logIn(page, address, password)
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
    messages.push(await page.getByRole('alert').filter({ hasText: /\w/ }).textContent())
  }
  expect(messages[0]).toBe(messages[1])
})

test('WEB-11 an address that is already registered is named, and nothing typed is lost', async ({ page }) => {
  const { email } = await signUp(page)
  await page.context().clearCookies()
  await page.goto('/register')
  await fillInRegistration(page, { name: 'Ann', email })
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(
    /An account with this address already exists/,
  )
  await expect(page.getByLabel('E-mail address')).toHaveValue(email)
})

test('WEB-32 forms work with password managers, and a password can be shown', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByLabel('E-mail address')).toHaveAttribute('autocomplete', 'username')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute(
    'autocomplete',
    'current-password',
  )
  await expect(page.locator('form')).toHaveAttribute('method', 'post')
  await page.getByLabel('Password', { exact: true }).fill(TEST_PASSWORD)
  await page.getByRole('button', { name: /show/i }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text')
  await page.goto('/register')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'new-password')
})

test('WEB-7 a form that is submitted three times is sent once', async ({ page }) => {
  const email = newEmail()
  for (const [path, button, call] of [
    ['/register', 'Start your list', 'sign-up'],
    ['/login', 'Log in', 'sign-in'],
  ] as const) {
    await page.context().clearCookies()
    await page.goto(path)
    let sent = 0
    const submitted = Promise.withResolvers<void>()
    await page.route(`**/api/auth/${call}/email`, async (route) => {
      sent++
      await submitted.promise
      await route.continue()
    })
    if (path === '/register') await page.getByLabel('Name', { exact: true }).fill('Ann')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(TEST_PASSWORD)
    await page.getByRole('button', { name: button }).dblclick()
    await page.getByLabel('Password', { exact: true }).press('Enter')
    submitted.resolve()
    await expect(page).toHaveURL('/tasks')
    expect(sent).toBe(1)
  }
})

test('WEB-65 the start page links to the list of a user who is logged in', async ({ page }) => {
  const nav = page.getByRole('navigation', { name: 'Account' })
  await page.goto('/')
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeVisible()
  await expect(nav.getByRole('link', { name: 'Your list' })).toBeHidden()
  await openNewList(page)
  await page.goto('/')
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeHidden()
  await nav.getByRole('link', { name: 'Your list' }).click()
  await expect(page).toHaveURL('/tasks')
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeVisible()
})

test.describe(() => {
  test.use({ javaScriptEnabled: false })

  test('WEB-1 the list on the start page can be ticked and counts open tasks without script', async ({
    page,
  }) => {
    await page.goto('/')
    const openCheckboxes = page.getByRole('checkbox', { checked: false })
    // A CSS counter is not in the document, but in the accessibility tree.
    const devtools = await page.context().newCDPSession(page)
    const shownCount = async () => {
      const { nodes } = (await devtools.send('Accessibility.getFullAXTree')) as {
        nodes: { role?: { value?: string }; name?: { value?: string } }[]
      }
      const texts = nodes.filter(({ role }) => role?.value === 'StaticText').map(({ name }) => name?.value)
      return Number(texts[texts.indexOf('still open') - 1])
    }
    const before = await openCheckboxes.count()
    expect(before).toBeGreaterThan(1)
    expect(await shownCount()).toBe(before)
    await openCheckboxes.first().check()
    await expect.poll(shownCount).toBe(before - 1)
    await page.getByRole('checkbox', { checked: true }).first().uncheck()
    await expect.poll(shownCount).toBe(before)
  })
})
