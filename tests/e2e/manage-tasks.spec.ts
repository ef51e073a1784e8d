import { expect, test } from '@playwright/test'
import { addTask, fill, join, stored, titles } from './people.ts'

test('WEB-24 tasks are added by Enter, newest first, the field at hand for the next', async ({ page }) => {
  await join(page)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  for (const title of ['One', 'Two', '  Three  ']) await addTask(page, title.trim())
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  expect(await titles(page)).toEqual(['Three', 'Two', 'One'])
  await expect(page.getByRole('heading', { name: '3 open tasks' })).toBeVisible()
  await stored(page, [{ title: 'Three' }, { title: 'Two' }, { title: 'One' }])
})

test('WEB-12 a task is completed, and opened again, by its tick', async ({ page }) => {
  await join(page)
  await addTask(page, 'Milk')
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  await stored(page, [{ title: 'Milk', completed: true }])
  await page.reload()
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await page.getByRole('checkbox', { name: 'Milk' }).uncheck()
  await stored(page, [{ title: 'Milk', completed: false }])
})

test('WEB-25 a title and a description are edited in place; Escape leaves them as they were', async ({
  page,
}) => {
  await join(page)
  await addTask(page, 'Milk')
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  await page.getByLabel('Title').fill('Oat milk')
  await page.getByLabel('Description').fill('Two litres')
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByRole('button', { name: /Edit Oat milk/ })).toBeFocused()
  await stored(page, [{ title: 'Oat milk', description: 'Two litres' }])
  await page.getByRole('button', { name: /Edit Oat milk/ }).click()
  await page.getByLabel('Title').fill('Something else')
  await page.keyboard.press('Escape')
  expect(await titles(page)).toEqual(['Oat milk'])
  await page.getByRole('button', { name: /Edit Oat milk/ }).click()
  await page.getByLabel('Title').fill('')
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
})

test('WEB-66 a text that cannot be kept is told at its own field, which takes the focus', async ({
  page,
}) => {
  await join(page)
  await addTask(page, 'Milk')
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  const [title, description] = [page.getByLabel('Title'), page.getByLabel('Description')]
  await description.fill('x'.repeat(10_001))
  await title.press('Enter')
  await expect(description).toBeFocused()
  await expect(description).toHaveAttribute('aria-invalid', 'true')
  await expect(description).toHaveAccessibleDescription(/The description is limited to/)
  await expect(title).toHaveAttribute('aria-invalid', 'false')
  await title.fill('')
  await description.press('Control+Enter')
  await expect(title).toBeFocused()
  await expect(title).toHaveAccessibleDescription('The title must not be empty.')
  await expect(description).toHaveAttribute('aria-invalid', 'false')
})

test('WEB-25 an open editor stays open while another window is looked at', async ({ page }) => {
  await join(page)
  await addTask(page, 'Milk')
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  await page.getByLabel('Title').fill('Oat milk')
  // As a browser does when its window loses the focus, which headless it never does.
  await page.evaluate(() => {
    document.hasFocus = () => false
    document.activeElement?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
  })
  await expect(page.getByLabel('Title')).toHaveValue('Oat milk')
  await page.evaluate(() => Reflect.deleteProperty(document, 'hasFocus'))
  await page.getByLabel('Add a task').focus()
  await stored(page, [{ title: 'Oat milk' }])
})

test('WEB-63 what is added or brought back shows, whatever the view, until the view changes', async ({
  page,
}) => {
  await join(page)
  for (const title of ['Bread', 'Milk']) await addTask(page, title)
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  const filters = page.getByRole('navigation', { name: 'Which tasks' })
  await filters.getByRole('link', { name: /Done/ }).click()
  await addTask(page, 'Salt')
  await expect.poll(() => titles(page)).toEqual(['Salt', 'Milk'])
  await page.getByLabel('Search tasks').fill('milk')
  await expect.poll(() => titles(page)).toEqual(['Milk'])
  await addTask(page, 'Sugar')
  await expect.poll(() => titles(page)).toEqual(['Sugar', 'Milk'])
  await page.getByRole('checkbox', { name: 'Sugar' }).check()
  await page.getByRole('checkbox', { name: 'Sugar' }).uncheck()
  await expect.poll(() => titles(page)).toEqual(['Milk'])
  await page.getByRole('button', { name: 'Delete Milk' }).click()
  await page.getByLabel('Search tasks').fill('')
  await filters.getByRole('link', { name: /Open/ }).click()
  await expect.poll(() => titles(page)).toEqual(['Sugar', 'Salt', 'Bread'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => titles(page)).toEqual(['Sugar', 'Salt', 'Milk', 'Bread'])
  await expect(page.getByRole('button', { name: 'Edit Milk' })).toBeFocused()
  await filters.getByRole('link', { name: /Done/ }).click()
  await filters.getByRole('link', { name: /Open/ }).click()
  await expect.poll(() => titles(page)).toEqual(['Sugar', 'Salt', 'Bread'])
})

test('WEB-22 a list that cannot be read says why, and is read by Try again', async ({ page }) => {
  const { email } = await join(page)
  await fill(email, 300)
  // As on a device that has kept nothing yet, when the database is away.
  await page.goto('/docs')
  const forget = () =>
    page.evaluate(async () => {
      for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
    })
  await forget()
  await page.route('**/api/**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: '{"code":"database-away","title":"The database does not answer","detail":"Try again soon."}',
    }),
  )
  for (const [path, words] of [
    ['/shell/tasks', 'Your tasks could not be read.'],
    ['/tasks', 'Some of your tasks could not be read.'],
  ] as const) {
    await page.goto(path)
    const alert = page.getByRole('alert').filter({ hasText: words })
    await expect(alert).toContainText('Try again soon.')
    await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible()
    await page.goto('/docs')
    await forget()
  }
  await page.goto('/shell/tasks')
  const again = page.getByRole('button', { name: 'Try again' })
  await expect(again).toBeVisible()
  await page.unroute('**/api/**')
  await again.click()
  await expect(page.getByRole('heading', { name: '300 open tasks' })).toBeVisible()
  await expect(again).toBeHidden()
})

test('WEB-17 a deleted task is brought back to its place by Undo', async ({ page }) => {
  await join(page)
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await page.getByRole('checkbox', { name: 'Two' }).check()
  await page.getByRole('button', { name: 'Delete Two' }).click()
  await expect(page.getByText('Deleted “Two”')).toBeVisible()
  expect(await titles(page)).toEqual(['Three', 'One'])
  await stored(page, [{ title: 'Three' }, { title: 'One' }])
  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await titles(page)).toEqual(['Three', 'Two', 'One'])
  await stored(page, [{ title: 'Three' }, { title: 'Two', completed: true }, { title: 'One' }])
})

test('WEB-18 the filter is in the address, and Back leads back', async ({ page }) => {
  await join(page)
  for (const title of ['Open one', 'Done one']) await addTask(page, title)
  await page.getByRole('checkbox', { name: 'Done one' }).check()
  const filters = page.getByRole('navigation', { name: 'Which tasks' })
  await filters.getByRole('link', { name: /Open/ }).click()
  await expect(page).toHaveURL('/tasks?filter=open')
  await expect.poll(() => titles(page)).toEqual(['Open one'])
  await filters.getByRole('link', { name: /Done/ }).click()
  await expect.poll(() => titles(page)).toEqual(['Done one'])
  await page.goBack()
  await expect.poll(() => titles(page)).toEqual(['Open one'])
  await page.reload()
  await expect.poll(() => titles(page)).toEqual(['Open one'])
})

test('WEB-15 what is done shows at once, and is stored when the server comes back', async ({ page }) => {
  await join(page)
  let failures = 3
  await page.route('**/api/tasks', (route) =>
    failures-- > 0 ? route.fulfill({ status: 503, headers: { 'Retry-After': '0' } }) : route.continue(),
  )
  await addTask(page, 'Patient')
  await expect(page.getByRole('heading', { name: '1 open task' })).toBeVisible()
  await stored(page, [{ title: 'Patient' }])
  expect(failures).toBeLessThan(0)
})

test('WEB-16 what the server refuses is named, and can be tried again or given up', async ({ page }) => {
  await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  await page.route('**/complete', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: '{"code":"conflict","detail":"Not now."}',
    }),
  )
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByText('“Milk” could not be ticked.')).toBeVisible()
  await page.getByRole('button', { name: 'Discard Milk' }).click()
  await expect(page.getByText('“Milk” could not be ticked.')).toBeHidden()
  await expect(page.getByRole('checkbox', { name: 'Milk' })).not.toBeChecked()
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByText('“Milk” could not be ticked.')).toBeVisible()
  await page.unroute('**/complete')
  await page.getByRole('button', { name: 'Retry Milk' }).click()
  await stored(page, [{ title: 'Milk', completed: true }])
  await expect(page.getByText('“Milk” could not be ticked.')).toBeHidden()
})

test('WEB-8 every request to the API carries the token, which is asked for once', async ({ page }) => {
  await join(page)
  const asked: { path: string; bearer: boolean }[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/'))
      asked.push({ path: pathname, bearer: /^Bearer \S+$/.test(request.headers()['authorization'] ?? '') })
  })
  await page.reload()
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await expect.poll(() => asked.filter((one) => one.path === '/api/tasks').length).toBeGreaterThanOrEqual(3)
  expect(asked.filter((one) => one.path.startsWith('/api/tasks') && !one.bearer)).toEqual([])
  expect(asked.filter((one) => one.path === '/api/auth/token').length).toBeLessThanOrEqual(1)
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  )
  expect(kept).not.toMatch(/eyJ/)
})

test('WEB-10 a token that the server does not take any more is renewed, and the change goes through', async ({
  page,
}) => {
  await join(page)
  let refused = 0
  await page.route('**/api/tasks', (route) =>
    refused++ === 0 ? route.fulfill({ status: 401 }) : route.continue(),
  )
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  expect(refused).toBe(2)
})
