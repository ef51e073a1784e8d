import { expect, test, type Locator, type Page } from '@playwright/test'
import {
  addTask,
  checkboxOf,
  expectStored,
  expectTitles,
  openListWith,
  openNewList,
  taskTitles,
} from './task-list.ts'
import { newEmail, TEST_PASSWORD } from './users.ts'

const editButton = (page: Page, title: string) =>
  page.getByRole('button', { name: `Edit ${title}`, exact: true })
const focusedTitle = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-task]')?.querySelector('.stroke')?.textContent)

test('WEB-59 registering, adding ten tasks and ticking one needs no pointer', async ({ page }) => {
  await page.goto('/register')
  const email = newEmail()
  const tabTo = async (label: string) => {
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('Tab')
      if (await page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement))
        return
    }
    throw new Error(`Tab does not lead to ${label}`)
  }
  await expect(page.getByRole('button', { name: 'Start your list' })).toBeEnabled()
  for (const [label, text] of [
    ['Name', 'Ann'],
    ['E-mail address', email],
    ['Password', TEST_PASSWORD],
  ] as const) {
    await tabTo(label)
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/tasks')
  await expect(page.getByRole('heading', { name: '0 open tasks' })).toBeVisible()
  await page.keyboard.press('n')
  for (let number = 1; number <= 10; number++) {
    await page.keyboard.type(`Task ${number}`)
    await page.keyboard.press('Enter')
  }
  await expect(page.getByRole('heading', { name: '10 open tasks' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(checkboxOf(page, 'Task 10')).toBeFocused()
  for (let presses = 0; presses < 9; presses++) await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await expect(checkboxOf(page, 'Task 1')).toBeChecked()
  await expect(page.getByRole('heading', { name: '9 open tasks' })).toBeVisible()
})

test('WEB-56 J, K, arrows, Home and End move through the list; Space ticks, E and Enter edit', async ({
  page,
}) => {
  await openListWith(page, ['One', 'Two', 'Three', 'Four'])
  const moves = [
    ['j', 'One'],
    ['j', 'Two'],
    ['ArrowDown', 'Three'],
    ['k', 'Two'],
    ['ArrowUp', 'One'],
    ['k', 'One'],
    ['End', 'Four'],
    ['j', 'Four'],
    ['Home', 'One'],
  ] as const
  for (const [key, title] of moves) {
    await page.keyboard.press(key)
    await expect(checkboxOf(page, title)).toBeFocused()
  }
  await page.keyboard.press('Space')
  await expect(checkboxOf(page, 'One')).toBeChecked()
  await page.keyboard.press('e')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type(' more')
  await page.keyboard.press('Enter')
  await expect(editButton(page, 'One more')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(checkboxOf(page, 'One more')).not.toBeChecked()
  await page.keyboard.press('j')
  await expect(editButton(page, 'Two')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Title')).toHaveValue('Two')
})

test('WEB-56 N adds, / searches, 1 2 3 filter, and none of them does while the user types', async ({
  page,
}) => {
  await openListWith(page, ['One', 'Two'])
  for (const [key, path] of [
    ['2', '/tasks?filter=open'],
    ['3', '/tasks?filter=done'],
    ['1', '/tasks'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page).toHaveURL(path)
  }
  await page.keyboard.press('/')
  await expect(page.getByLabel('Search tasks')).toBeFocused()
  await page.keyboard.type('jn2?/')
  await expect(page.getByLabel('Search tasks')).toHaveValue('jn2?/')
  await page.keyboard.press('Escape')
  await expect(page.getByLabel('Search tasks')).toHaveValue('')
  await page.keyboard.press('ArrowDown')
  await expect(checkboxOf(page, 'One')).toBeFocused()
  await page.keyboard.press('n')
  await page.keyboard.type('zen ?')
  await expect(page.getByLabel('Add a task')).toHaveValue('zen ?')
  await page.keyboard.press('Control+j')
  expect(await taskTitles(page)).toEqual(['One', 'Two'])
})

test('WEB-27 N focuses the add field, unless the user is typing', async ({ page }) => {
  await openListWith(page, ['One'])
  await checkboxOf(page, 'One').focus()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toHaveValue('n')
})

test('WEB-26 when the focused row is removed, the next row is focused, then the last one, then the add field', async ({
  page,
}) => {
  await openListWith(page, ['One', 'Two', 'Three'])
  await checkboxOf(page, 'Two').focus()
  await page.keyboard.press('Delete')
  await expect(checkboxOf(page, 'Three')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(checkboxOf(page, 'One')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(page.getByLabel('Add a task')).toBeFocused()
})

test('WEB-26 a row keeps the focus when a response moves it', async ({ page }) => {
  await openNewList(page)
  const focused = Promise.withResolvers<void>()
  await page.route('**/api/tasks', async (route) => {
    await focused.promise
    await route.continue()
  })
  for (const title of ['Three', 'Two', 'One']) await addTask(page, title)
  await checkboxOf(page, 'Two').focus()
  focused.resolve()
  await expectStored(page, [{ title: 'One' }, { title: 'Two' }, { title: 'Three' }])
  await expect(checkboxOf(page, 'Two')).toBeFocused()
})

test('WEB-55 a task ticked among the open ones leaves after a moment, and the next one is focused', async ({
  page,
}) => {
  await page.clock.install()
  await openListWith(page, ['One', 'Two'])
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.keyboard.press('2')
  await checkboxOf(page, 'One').focus()
  await page.keyboard.press('Space')
  await expect(checkboxOf(page, 'One')).toBeChecked()
  await expect(checkboxOf(page, 'One')).toBeFocused()
  await page.clock.runFor(1_000)
  await expect(checkboxOf(page, 'One')).toHaveCount(0)
  await expect(checkboxOf(page, 'Two')).toBeFocused()
})

test('WEB-55 a task that is ticked, unticked and ticked again leaves a moment after the last tick', async ({
  page,
}) => {
  await page.clock.install()
  await openListWith(page, ['One', 'Two'])
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.keyboard.press('2')
  await checkboxOf(page, 'One').check()
  await page.clock.runFor(500)
  await checkboxOf(page, 'One').uncheck()
  await checkboxOf(page, 'One').check()
  await page.clock.runFor(500)
  await expect(checkboxOf(page, 'One')).toHaveCount(1)
  await page.clock.runFor(500)
  await expect(checkboxOf(page, 'One')).toHaveCount(0)
})

test('WEB-54 several deletions are undone one by one, by Z, by Ctrl+Z and by the button', async ({
  page,
}) => {
  await openListWith(page, ['One', 'Two', 'Three', 'Four'])
  await checkboxOf(page, 'Two').check()
  await page.keyboard.press('Home')
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Delete')
  await expectTitles(page, ['Four'])
  await page.keyboard.press('z')
  await expect.poll(() => focusedTitle(page)).toBe('Three')
  await expect(page.getByText('Deleted “Two”')).toBeVisible()
  await page.keyboard.press('Control+z')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectTitles(page, ['One', 'Two', 'Three', 'Four'])
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden()
  await expectStored(page, [
    { title: 'One' },
    { title: 'Two', completed: true },
    { title: 'Three' },
    { title: 'Four' },
  ])
})

for (const [state, hold, release] of [
  ['pointed at', (undo: Locator) => undo.hover(), (page: Page) => page.mouse.move(5, 5)],
  ['focused', (undo: Locator) => undo.focus(), (page: Page) => page.getByLabel('Add a task').focus()],
] as const)
  test(`WEB-54 the offer to undo waits while it is ${state}`, async ({ page }) => {
    await page.clock.install()
    await openListWith(page, ['One', 'Two'])
    await page.clock.pauseAt(Date.now() + 60_000)
    await checkboxOf(page, 'One').focus()
    await page.keyboard.press('Delete')
    const undo = page.getByRole('button', { name: 'Undo' })
    await page.clock.runFor(8_000)
    await hold(undo)
    await page.clock.runFor(30_000)
    await expect(undo).toBeVisible()
    await release(page)
    await page.clock.runFor(9_000)
    await expect(undo).toBeVisible()
    await page.clock.runFor(2_000)
    await expect(undo).toBeHidden()
  })

test('WEB-57 single-key shortcuts can be turned off for good, except those of a focused row', async ({
  page,
}) => {
  await openListWith(page, ['One', 'Two'])
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help).toBeVisible()
  await page.keyboard.press('j')
  await expect(help).toBeVisible()
  await help.getByRole('switch').press('Space')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.reload()
  await expect(checkboxOf(page, 'One')).toBeVisible()
  for (const key of ['n', 'j', '2', '/', '?', 'z']) await page.keyboard.press(key)
  await expect(help).toBeHidden()
  await expect(page).toHaveURL('/tasks')
  await expect(page.locator('body')).toBeFocused()
  await checkboxOf(page, 'One').focus()
  await page.keyboard.press('ArrowDown')
  await expect(checkboxOf(page, 'Two')).toBeFocused()
  await page.getByRole('button', { name: 'Keys' }).click()
  await help.getByRole('switch').check()
  await help.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
})

test('WEB-57 the switch for single-key shortcuts can be reached by pointer at any zoom', async ({ page }) => {
  await openListWith(page, ['One'])
  // A window of 1280 by 1024 pixels at a zoom of 400 %.
  await page.setViewportSize({ width: 320, height: 256 })
  await page.getByRole('button', { name: 'Keys' }).click()
  const help = page.getByRole('dialog', { name: 'Keys' })
  await help.getByRole('switch').uncheck()
  await help.getByRole('button', { name: 'Close' }).click()
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
  expect(fits).toBe(true)
})

test('WEB-58 the help takes the focus, and returns it when it closes', async ({ page }) => {
  await openListWith(page, ['One', 'Two'])
  await checkboxOf(page, 'Two').focus()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help.getByText('Bring back what was deleted')).toBeVisible()
  expect(await help.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await expect(checkboxOf(page, 'Two')).toBeFocused()
})

test('WEB-60 an invalid text is not lost by editing another task', async ({ page }) => {
  await openListWith(page, ['One', 'Two'])
  await editButton(page, 'One').click()
  await page.getByLabel('Title').fill('x'.repeat(201))
  await page.getByLabel('Description').fill('Long thought')
  await editButton(page, 'Two').click()
  const first = page.getByRole('form', { name: 'Edit One' })
  await expect(first.getByRole('alert')).toContainText('limited to 200 characters')
  await expect(first.getByLabel('Title')).toHaveValue('x'.repeat(201))
  await first.getByLabel('Title').fill('Shorter')
  await first.getByLabel('Title').press('Enter')
  await expectStored(page, [{ title: 'Shorter', description: 'Long thought' }, { title: 'Two' }])
})

test('WEB-61 deletions are announced once, and counts and search results once they settle', async ({
  page,
}) => {
  await openListWith(page, ['Two'])
  await addTask(page, 'One')
  await page.getByLabel('Add a task').blur()
  const announcer = page.getByRole('status').filter({ hasText: '2 open, 0 done.' })
  await expect(announcer).toHaveText('2 open, 0 done.')
  const announced: string[] = []
  await page.exposeFunction('record', (text: string) => announced.push(text))
  await announcer.evaluate((element) => {
    const record = (window as { record?: (text: string | null) => void }).record
    new MutationObserver(() => record?.(element.textContent)).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
  await checkboxOf(page, 'One').focus()
  await page.keyboard.press('Delete')
  await expect.poll(() => announced).toEqual(['Deleted One. 1 open, 0 done.'])
  await page.keyboard.press('/')
  await page.keyboard.type('tw')
  await expect.poll(() => announced).toEqual(['Deleted One. 1 open, 0 done.', '1 task found.'])
})
