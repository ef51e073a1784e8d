import { expect, test } from '@playwright/test'
import {
  addTask,
  clearDevice,
  expectOpenTasks,
  expectStored,
  expectTitles,
  insertTasks,
  openListWith,
  openNewList,
  taskTitles,
} from './task-list.ts'

test('WEB-24 Enter adds a task at the top, and the field stays focused', async ({ page }) => {
  await openNewList(page)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  for (const title of ['One', 'Two', '  Three  ']) await addTask(page, title.trim())
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  expect(await taskTitles(page)).toEqual(['Three', 'Two', 'One'])
  await expectOpenTasks(page, 3)
  await expectStored(page, [{ title: 'Three' }, { title: 'Two' }, { title: 'One' }])
})

test('WEB-12 a task is completed and reopened by its checkbox', async ({ page }) => {
  await openListWith(page, ['Milk'])
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expectOpenTasks(page, 0)
  await expectStored(page, [{ title: 'Milk', completed: true }])
  await page.reload()
  await expect(page.getByRole('checkbox', { name: 'Milk' })).toBeChecked()
  await page.getByRole('checkbox', { name: 'Milk' }).uncheck()
  await expectStored(page, [{ title: 'Milk', completed: false }])
})

test('WEB-25 a title and a description are edited in place; Escape discards the changes', async ({
  page,
}) => {
  await openListWith(page, ['Milk'])
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  await page.getByLabel('Title').fill('Oat milk')
  await page.getByLabel('Description').fill('Two litres')
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByRole('button', { name: /Edit Oat milk/ })).toBeFocused()
  await expectStored(page, [{ title: 'Oat milk', description: 'Two litres' }])
  await page.getByRole('button', { name: /Edit Oat milk/ }).click()
  await page.getByLabel('Title').fill('Something else')
  await page.keyboard.press('Escape')
  expect(await taskTitles(page)).toEqual(['Oat milk'])
  await page.getByRole('button', { name: /Edit Oat milk/ }).click()
  await page.getByLabel('Title').fill('')
  await page.getByLabel('Title').press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
})

test('WEB-66 an invalid text is named at its own field, which is focused', async ({ page }) => {
  await openListWith(page, ['Milk'])
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

test('WEB-25 an open editor stays open while another window has the focus', async ({ page, context }) => {
  await openListWith(page, ['Milk'])
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  await page.getByLabel('Title').fill('Oat milk')
  // Playwright makes each page believe that it is focused. Without that, a page in front takes the focus from this one.
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  const other = await context.newPage()
  await other.bringToFront()
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(false)
  await expect(page.getByLabel('Title')).toHaveValue('Oat milk')
  await page.bringToFront()
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.getByLabel('Add a task').focus()
  await expectStored(page, [{ title: 'Oat milk' }])
})

test('WEB-63 an added or restored task is shown in any view until the view changes', async ({ page }) => {
  await openListWith(page, ['Milk', 'Bread'])
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  const filters = page.getByRole('navigation', { name: 'Which tasks' })
  await filters.getByRole('link', { name: /Done/ }).click()
  await addTask(page, 'Salt')
  await expectTitles(page, ['Salt', 'Milk'])
  await page.getByLabel('Search tasks').fill('milk')
  await expectTitles(page, ['Milk'])
  await addTask(page, 'Sugar')
  await expectTitles(page, ['Sugar', 'Milk'])
  await page.getByRole('checkbox', { name: 'Sugar' }).check()
  await page.getByRole('checkbox', { name: 'Sugar' }).uncheck()
  await expectTitles(page, ['Milk'])
  await page.getByRole('button', { name: 'Delete Milk' }).click()
  await page.getByLabel('Search tasks').fill('')
  await filters.getByRole('link', { name: /Open/ }).click()
  await expectTitles(page, ['Sugar', 'Salt', 'Bread'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectTitles(page, ['Sugar', 'Salt', 'Milk', 'Bread'])
  await expect(page.getByRole('button', { name: 'Edit Milk' })).toBeFocused()
  await filters.getByRole('link', { name: /Done/ }).click()
  await filters.getByRole('link', { name: /Open/ }).click()
  await expectTitles(page, ['Sugar', 'Salt', 'Bread'])
})

test('WEB-22 a list that cannot be read says why, and is read by Try again', async ({ page }) => {
  const { email } = await openNewList(page)
  await insertTasks(email, 300)
  // A device that has stored nothing yet, while the database is unavailable.
  await page.goto('/docs')
  await clearDevice(page)
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
    await clearDevice(page)
  }
  await page.goto('/shell/tasks')
  const tryAgain = page.getByRole('button', { name: 'Try again' })
  await expect(tryAgain).toBeVisible()
  await page.unroute('**/api/**')
  await tryAgain.click()
  await expectOpenTasks(page, 300)
  await expect(tryAgain).toBeHidden()
})

test('WEB-17 Undo restores a deleted task at its position', async ({ page }) => {
  await openListWith(page, ['Three', 'Two', 'One'])
  await page.getByRole('checkbox', { name: 'Two' }).check()
  await page.getByRole('button', { name: 'Delete Two' }).click()
  await expect(page.getByText('Deleted “Two”')).toBeVisible()
  await expectTitles(page, ['Three', 'One'])
  await expectStored(page, [{ title: 'Three' }, { title: 'One' }])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectTitles(page, ['Three', 'Two', 'One'])
  await expectStored(page, [{ title: 'Three' }, { title: 'Two', completed: true }, { title: 'One' }])
})

test('WEB-18 the filter is in the URL, and Back returns to the previous one', async ({ page }) => {
  await openListWith(page, ['Done one', 'Open one'])
  await page.getByRole('checkbox', { name: 'Done one' }).check()
  const filters = page.getByRole('navigation', { name: 'Which tasks' })
  await filters.getByRole('link', { name: /Open/ }).click()
  await expect(page).toHaveURL('/tasks?filter=open')
  await expectTitles(page, ['Open one'])
  await filters.getByRole('link', { name: /Done/ }).click()
  await expectTitles(page, ['Done one'])
  await page.goBack()
  await expectTitles(page, ['Open one'])
  await page.reload()
  await expectTitles(page, ['Open one'])
})

test('WEB-15 a change is shown at once, and stored when the server is available again', async ({ page }) => {
  await openNewList(page)
  let failures = 3
  await page.route('**/api/tasks', (route) =>
    failures-- > 0 ? route.fulfill({ status: 503, headers: { 'Retry-After': '0' } }) : route.continue(),
  )
  await addTask(page, 'Patient')
  await expectOpenTasks(page, 1)
  await expectStored(page, [{ title: 'Patient' }])
  expect(failures).toBeLessThan(0)
})

test('WEB-16 a change that the server rejects is named, and can be retried or discarded', async ({
  page,
}) => {
  await openListWith(page, ['Milk'])
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
  await expectStored(page, [{ title: 'Milk', completed: true }])
  await expect(page.getByText('“Milk” could not be ticked.')).toBeHidden()
})

test('WEB-8 every call of the API carries the access token, which is fetched at most once', async ({
  page,
}) => {
  await openNewList(page)
  const calls: { path: string; bearer: boolean }[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/'))
      calls.push({ path: pathname, bearer: /^Bearer \S+$/.test(request.headers()['authorization'] ?? '') })
  })
  await page.reload()
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await expect.poll(() => calls.filter(({ path }) => path === '/api/tasks').length).toBeGreaterThanOrEqual(3)
  expect(calls.filter(({ path, bearer }) => path.startsWith('/api/tasks') && !bearer)).toEqual([])
  expect(calls.filter(({ path }) => path === '/api/auth/token').length).toBeLessThanOrEqual(1)
  const storedText = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  )
  expect(storedText).not.toMatch(/eyJ/)
})

test('WEB-10 a rejected access token is renewed, and the change is stored', async ({ page }) => {
  await openNewList(page)
  let requests = 0
  await page.route('**/api/tasks', (route) =>
    requests++ === 0 ? route.fulfill({ status: 401 }) : route.continue(),
  )
  await addTask(page, 'Milk')
  await expectStored(page, [{ title: 'Milk' }])
  expect(requests).toBe(2)
})
