import { expect, test, type Locator, type Page } from '@playwright/test'
import { addTask, join, PASSWORD, stored, titles } from './people.ts'

const tick = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true })
const edit = (page: Page, name: string) => page.getByRole('button', { name: `Edit ${name}`, exact: true })
const focusedTitle = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-task]')?.querySelector('.stroke')?.textContent)

/** Somebody with tasks, the first of `list` at the top. */
async function joinWith(page: Page, list: readonly string[]) {
  await join(page)
  for (const title of list.toReversed()) await addTask(page, title)
  await stored(
    page,
    list.map((title) => ({ title })),
  )
  await page.getByLabel('Add a task').blur()
}

test('WEB-59 from registering to the tenth task and its ticking, no pointer is needed', async ({ page }) => {
  await page.goto('/register')
  const email = `${crypto.randomUUID()}@example.com`
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
    ['Password', PASSWORD],
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
  await expect(tick(page, 'Task 10')).toBeFocused()
  for (let presses = 0; presses < 9; presses++) await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await expect(tick(page, 'Task 1')).toBeChecked()
  await expect(page.getByRole('heading', { name: '9 open tasks' })).toBeVisible()
})

test('WEB-56 J, K, arrows, Home and End walk the list; Space ticks, E and Enter edit', async ({ page }) => {
  await joinWith(page, ['One', 'Two', 'Three', 'Four'])
  const walk = [
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
  for (const [key, title] of walk) {
    await page.keyboard.press(key)
    await expect(tick(page, title)).toBeFocused()
  }
  await page.keyboard.press('Space')
  await expect(tick(page, 'One')).toBeChecked()
  await page.keyboard.press('e')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type(' more')
  await page.keyboard.press('Enter')
  await expect(edit(page, 'One more')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(tick(page, 'One more')).not.toBeChecked()
  await page.keyboard.press('j')
  await expect(edit(page, 'Two')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Title')).toHaveValue('Two')
})

test('WEB-56 N writes, / searches, 1 2 3 filter, and none does while something is written', async ({
  page,
}) => {
  await joinWith(page, ['One', 'Two'])
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
  await expect(tick(page, 'One')).toBeFocused()
  await page.keyboard.press('n')
  await page.keyboard.type('zen ?')
  await expect(page.getByLabel('Add a task')).toHaveValue('zen ?')
  await page.keyboard.press('Control+j')
  expect(await titles(page)).toEqual(['One', 'Two'])
})

test('WEB-27 N leads to the add line from anywhere but from writing', async ({ page }) => {
  await joinWith(page, ['One'])
  await tick(page, 'One').focus()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toHaveValue('n')
})

test('WEB-26 when a row goes, the focus passes to the next, then to the last, then to the add line', async ({
  page,
}) => {
  await joinWith(page, ['One', 'Two', 'Three'])
  await tick(page, 'Two').focus()
  await page.keyboard.press('Delete')
  await expect(tick(page, 'Three')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(tick(page, 'One')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(page.getByLabel('Add a task')).toBeFocused()
})

test('WEB-26 a row keeps the focus when an answer moves it', async ({ page }) => {
  await join(page)
  await page.route('**/api/tasks', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    await route.continue()
  })
  for (const title of ['Three', 'Two', 'One']) await addTask(page, title)
  await tick(page, 'Two').focus()
  await stored(page, [{ title: 'One' }, { title: 'Two' }, { title: 'Three' }])
  await expect(tick(page, 'Two')).toBeFocused()
})

test('WEB-55 a task ticked among the open ones goes after a beat, and the focus is not lost', async ({
  page,
}) => {
  await joinWith(page, ['One', 'Two'])
  await page.keyboard.press('2')
  await tick(page, 'One').focus()
  await page.keyboard.press('Space')
  await expect(tick(page, 'One')).toBeChecked()
  await expect(tick(page, 'One')).toBeFocused()
  await expect(tick(page, 'One')).toHaveCount(0)
  await expect(tick(page, 'Two')).toBeFocused()
})

test('WEB-55 a task that is ticked, opened and ticked again stays a beat from the last tick', async ({
  page,
}) => {
  await page.clock.install()
  await joinWith(page, ['One', 'Two'])
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.keyboard.press('2')
  await tick(page, 'One').check()
  await page.clock.runFor(500)
  await tick(page, 'One').uncheck()
  await tick(page, 'One').check()
  await page.clock.runFor(500)
  await expect(tick(page, 'One')).toHaveCount(1)
  await page.clock.runFor(500)
  await expect(tick(page, 'One')).toHaveCount(0)
})

test('WEB-54 several deletions are taken back one by one, by Z, by Ctrl+Z and by the button', async ({
  page,
}) => {
  await joinWith(page, ['One', 'Two', 'Three', 'Four'])
  await tick(page, 'Two').check()
  await page.keyboard.press('Home')
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Delete')
  await expect.poll(() => titles(page)).toEqual(['Four'])
  await page.keyboard.press('z')
  await expect.poll(() => focusedTitle(page)).toBe('Three')
  await expect(page.getByText('Deleted “Two”')).toBeVisible()
  await page.keyboard.press('Control+z')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => titles(page)).toEqual(['One', 'Two', 'Three', 'Four'])
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden()
  await stored(page, [
    { title: 'One' },
    { title: 'Two', completed: true },
    { title: 'Three' },
    { title: 'Four' },
  ])
})

for (const [held, hold, letGo] of [
  ['pointed at', (undo: Locator) => undo.hover(), (page: Page) => page.mouse.move(5, 5)],
  ['focused', (undo: Locator) => undo.focus(), (page: Page) => page.getByLabel('Add a task').focus()],
] as const)
  test(`WEB-54 the offer to undo waits while it is ${held}`, async ({ page }) => {
    await page.clock.install()
    await joinWith(page, ['One', 'Two'])
    await tick(page, 'One').focus()
    await page.keyboard.press('Delete')
    const undo = page.getByRole('button', { name: 'Undo' })
    await page.clock.runFor(8_000)
    await hold(undo)
    await page.clock.runFor(30_000)
    await expect(undo).toBeVisible()
    await letGo(page)
    await page.clock.runFor(9_000)
    await expect(undo).toBeVisible()
    await page.clock.runFor(2_000)
    await expect(undo).toBeHidden()
  })

test('WEB-57 single keys can be turned off for good; what needs a focused row stays', async ({ page }) => {
  await joinWith(page, ['One', 'Two'])
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help).toBeVisible()
  await page.keyboard.press('j')
  await expect(help).toBeVisible()
  await help.getByRole('switch').press('Space')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.reload()
  await expect(tick(page, 'One')).toBeVisible()
  for (const key of ['n', 'j', '2', '/', '?', 'z']) await page.keyboard.press(key)
  await expect(help).toBeHidden()
  await expect(page).toHaveURL('/tasks')
  await expect(page.locator('body')).toBeFocused()
  await tick(page, 'One').focus()
  await page.keyboard.press('ArrowDown')
  await expect(tick(page, 'Two')).toBeFocused()
  await page.getByRole('button', { name: 'Keys' }).click()
  await help.getByRole('switch').check()
  await help.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
})

test('WEB-57 the switch for single keys is at hand with a pointer, however far the page is zoomed', async ({
  page,
}) => {
  await joinWith(page, ['One'])
  // A window of 1280 by 1024 at 400 %.
  await page.setViewportSize({ width: 320, height: 256 })
  await page.getByRole('button', { name: 'Keys' }).click()
  const help = page.getByRole('dialog', { name: 'Keys' })
  await help.getByRole('switch').uncheck()
  await help.getByRole('button', { name: 'Close' }).click()
  const isWithin = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
  expect(isWithin).toBe(true)
})

test('WEB-58 the help takes the focus, and gives it back when it closes', async ({ page }) => {
  await joinWith(page, ['One', 'Two'])
  await tick(page, 'Two').focus()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help.getByText('Bring back what was deleted')).toBeVisible()
  expect(await help.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await expect(tick(page, 'Two')).toBeFocused()
})

test('WEB-60 a text that cannot be saved is not lost by opening another row', async ({ page }) => {
  await joinWith(page, ['One', 'Two'])
  await edit(page, 'One').click()
  await page.getByLabel('Title').fill('x'.repeat(201))
  await page.getByLabel('Description').fill('Long thought')
  await edit(page, 'Two').click()
  const first = page.getByRole('form', { name: 'Edit One' })
  await expect(first.getByRole('alert')).toContainText('limited to 200 characters')
  await expect(first.getByLabel('Title')).toHaveValue('x'.repeat(201))
  await first.getByLabel('Title').fill('Shorter')
  await first.getByLabel('Title').press('Enter')
  await stored(page, [{ title: 'Shorter', description: 'Long thought' }, { title: 'Two' }])
})

test('WEB-61 a screen reader is told of a deletion once, and of counts and results when they settle', async ({
  page,
}) => {
  await joinWith(page, ['One', 'Two'])
  await expect(page.locator('output.sr-only').last()).toHaveText('2 open, 0 done.')
  const said: string[] = []
  await page.exposeFunction('note', (text: string) => said.push(text))
  await page.evaluate(() => {
    const live = [...document.querySelectorAll('output.sr-only')].at(-1)
    if (!live) throw new Error('no live region')
    const report = () => (window as unknown as { note: (text: string | null) => void }).note(live.textContent)
    new MutationObserver(report).observe(live, { childList: true, characterData: true, subtree: true })
  })
  await tick(page, 'One').focus()
  await page.keyboard.press('Delete')
  await expect.poll(() => said).toEqual(['Deleted One. 1 open, 0 done.'])
  await page.keyboard.press('/')
  await page.keyboard.type('tw')
  await expect.poll(() => said).toEqual(['Deleted One. 1 open, 0 done.', '1 task found.'])
})
