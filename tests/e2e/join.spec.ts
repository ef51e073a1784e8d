import { expect, test } from '@playwright/test'
import { addTask, join, logIn, PASSWORD, register } from './people.ts'

test('WEB-28 a visitor registers from the landing page, writes a task, logs out and in again', async ({
  page,
}) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Start your list' }).first().click()
  await expect(page).toHaveURL('/register')
  const { email } = await register(page)
  await addTask(page, 'Buy milk')
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/')
  await page.getByRole('link', { name: 'Log in' }).click()
  await logIn(page, email)
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('checkbox', { name: 'Buy milk' })).toBeVisible()
})

test('WEB-4 a form tells what is wrong under the field, and takes the reader there', async ({ page }) => {
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

test('WEB-5 a wrong password and an unknown address are told apart by nothing', async ({ page }) => {
  const { email } = await join(page)
  await page.context().clearCookies()
  const refusals: (string | null)[] = []
  for (const [address, password] of [
    [email, 'wrong password'],
    ['nobody@example.com', PASSWORD],
  ] as const) {
    await page.goto('/login')
    await logIn(page, address, password)
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
    refusals.push(await page.getByRole('alert').filter({ hasText: /\w/ }).textContent())
  }
  expect(refusals[0]).toBe(refusals[1])
})

test('WEB-11 a taken address is said so, and nothing typed is lost', async ({ page }) => {
  const { email } = await join(page)
  await page.context().clearCookies()
  await page.goto('/register')
  await page.getByLabel('Name', { exact: true }).fill('Ann')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Start your list' }).click()
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(
    /An account with this address already exists/,
  )
  await expect(page.getByLabel('E-mail address')).toHaveValue(email)
})

test('WEB-32 forms are made for password managers, and a password can be looked at', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByLabel('E-mail address')).toHaveAttribute('autocomplete', 'username')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute(
    'autocomplete',
    'current-password',
  )
  await expect(page.locator('form')).toHaveAttribute('method', 'post')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: /show/i }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text')
  await page.goto('/register')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'new-password')
})

test('WEB-7 a form that is pressed twice is sent once', async ({ page }) => {
  const email = `${crypto.randomUUID()}@example.com`
  for (const [path, button, call] of [
    ['/register', 'Start your list', 'sign-up'],
    ['/login', 'Log in', 'sign-in'],
  ] as const) {
    await page.context().clearCookies()
    await page.goto(path)
    let sent = 0
    await page.route(`**/api/auth/${call}/email`, async (route) => {
      sent++
      await new Promise((resolve) => setTimeout(resolve, 500))
      await route.continue()
    })
    if (path === '/register') await page.getByLabel('Name', { exact: true }).fill('Ann')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: button }).dblclick()
    await page.getByLabel('Password', { exact: true }).press('Enter')
    await expect(page).toHaveURL('/tasks')
    expect(sent).toBe(1)
  }
})

test('WEB-65 the start page leads whoever has a list here to it', async ({ page }) => {
  const nav = page.getByRole('navigation', { name: 'Account' })
  await page.goto('/')
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeVisible()
  await expect(nav.getByRole('link', { name: 'Your list' })).toBeHidden()
  await join(page)
  await page.goto('/')
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeHidden()
  await nav.getByRole('link', { name: 'Your list' }).click()
  await expect(page).toHaveURL('/tasks')
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(nav.getByRole('link', { name: 'Log in' })).toBeVisible()
})

test.describe(() => {
  test.use({ javaScriptEnabled: false })

  test('WEB-1 the list of the start page is ticked, and counts what is open, without script', async ({
    page,
  }) => {
    await page.goto('/')
    const ticks = page.getByRole('checkbox')
    const open = async () => (await ticks.count()) - (await page.locator('.tick:checked').count())
    // What a style counts is not in the document, but in what is read out.
    const devtools = await page.context().newCDPSession(page)
    const counted = async () => {
      const { nodes } = (await devtools.send('Accessibility.getFullAXTree')) as {
        nodes: { role?: { value?: string }; name?: { value?: string } }[]
      }
      const words = nodes.filter(({ role }) => role?.value === 'StaticText').map(({ name }) => name?.value)
      return Number(words[words.indexOf('still open') - 1])
    }
    const before = await open()
    expect(before).toBeGreaterThan(1)
    expect(await counted()).toBe(before)
    await page.locator('.tick:not(:checked)').first().check()
    await expect.poll(counted).toBe(before - 1)
    await page.locator('.tick:checked').first().uncheck()
    await expect.poll(counted).toBe(before)
  })
})
