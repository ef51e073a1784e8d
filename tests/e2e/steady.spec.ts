import { expect, test, type Page } from '@playwright/test'
import { addTask, expectOpenTasks, insertTasks, openListWith, openNewList } from './task-list.ts'
import { signUp } from './users.ts'

/** Largest sum of layout shifts (CLS) while a page loads. */
const SHIFT_MAX = 0.01

interface Shift {
  value: number
  elements: string[]
}

/** Records every layout shift from the first paint on, also those that follow input. */
async function recordShifts(page: Page) {
  await page.addInitScript(() => {
    const shifts: Shift[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number
        sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[]
      })[])
        shifts.push({
          value: entry.value,
          elements: entry.sources.map(({ node, previousRect: from, currentRect: to }) => {
            const html = node instanceof Element ? node.outerHTML : (node?.parentElement?.outerHTML ?? '')
            return `${html.slice(0, 80)} from ${from.x},${from.y} to ${to.x},${to.y}`
          }),
        })
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

const shiftsOf = (page: Page) => page.evaluate(() => (window as { shifts?: Shift[] }).shifts ?? [])

async function expectSteady(page: Page, max = SHIFT_MAX) {
  const shifts = await shiftsOf(page)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThanOrEqual(max)
}

const positionOf = (page: Page, title: string) =>
  page.getByRole('checkbox', { name: title, exact: true }).evaluate((tick) => tick.getBoundingClientRect().y)

for (const width of [390, 1280]) {
  test(`WEB-93 the layout is stable while pages load, at ${width} pixels`, async ({ page }) => {
    test.setTimeout(180_000)
    await page.setViewportSize({ width, height: 800 })
    await recordShifts(page)
    // Scripts wait until the page has been painted without them.
    await page.route('**/_astro/*.js', async (route) => {
      await page.waitForFunction(() => performance.getEntriesByType('paint').length > 0)
      await route.continue()
    })
    const visit = async (path: string) => {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await expectSteady(page)
    }
    for (const path of ['/', '/login', '/register', '/docs', '/no-such-page']) await visit(path)
    const { email } = await signUp(page, 'Annabella Longname')
    for (const path of ['/tasks', '/chat']) await visit(path)
    await insertTasks(email, 60)
    for (const path of ['/tasks', '/tasks?filter=done', '/tasks?q=task+5', '/account', '/']) await visit(path)
  })
}

test('WEB-93 the list does not move while a change is slow to be saved', async ({ page }) => {
  const { email } = await signUp(page)
  await insertTasks(email, 60)
  await recordShifts(page)
  await page.goto('/tasks')
  await expectOpenTasks(page, 60)
  await page.evaluate(() => (window as { shifts?: Shift[] }).shifts?.splice(0))
  let save = Promise.withResolvers<void>()
  await page.route('**/complete', async (route) => {
    await save.promise
    await route.continue()
  })
  for (const [scroll, title] of [
    [0, 'Task 60'],
    [900, 'Task 38'],
  ] as const) {
    await page.evaluate((y) => scrollTo(0, y), scroll)
    const before = await positionOf(page, title)
    await page.getByRole('checkbox', { name: title, exact: true }).check()
    await expect(page.getByText('Saving…')).toBeInViewport()
    expect(await positionOf(page, title)).toBe(before)
    save.resolve()
    await expect(page.getByText('Saving…')).toBeHidden()
    expect(await positionOf(page, title)).toBe(before)
    save = Promise.withResolvers()
  }
  await expectSteady(page, 0.001)
})

test('WEB-49 a rejected change is shown at any scroll position, and moves nothing', async ({ page }) => {
  const { email } = await signUp(page)
  await insertTasks(email, 300)
  await page.goto('/tasks')
  await expectOpenTasks(page, 300)
  await page.route('**/complete', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: '{"code":"conflict","detail":"Not now."}',
    }),
  )
  await page.getByRole('checkbox').first().focus()
  await page.keyboard.press('End')
  const last = page.getByRole('checkbox', { name: 'Task 1', exact: true })
  await expect(last).toBeFocused()
  const before = await positionOf(page, 'Task 1')
  await page.keyboard.press('Space')
  const notice = page.getByText('“Task 1” could not be ticked.')
  await expect(notice).toBeInViewport()
  await expect(page.getByRole('button', { name: 'Discard Task 1' })).toBeInViewport()
  expect(await positionOf(page, 'Task 1')).toBe(before)
  await page.unroute('**/complete')
  await page.getByRole('button', { name: 'Retry Task 1' }).click()
  await expect(notice).toBeHidden()
  await expect(last).toBeChecked()
})

test('WEB-49 notices do not cover each other', async ({ page, context }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openListWith(page, ['x'.repeat(200), 'Two', 'One'])
  await page.route('**/complete', (route) => route.fulfill({ status: 409 }))
  await page.getByRole('checkbox', { name: 'One' }).check()
  await page.getByRole('checkbox', { name: 'x'.repeat(200) }).check()
  await expect(page.getByRole('button', { name: /^Retry/ })).toHaveCount(2)
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Edit Two' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.locator('#new-version').evaluate((notice: HTMLElement) => (notice.hidden = false))
  const notices = [
    page.getByText('1 change kept on this device'),
    page.getByText('“One” could not be ticked'),
    page.getByText(/“x+” could not be ticked/),
    page.getByText('Deleted “Two”'),
    page.getByText('There is a new version of this page.'),
  ]
  const boxes = await Promise.all(
    notices.map(async (notice) => {
      await expect(notice).toBeInViewport()
      const box = await notice.boundingBox()
      return { top: box?.y ?? 0, bottom: (box?.y ?? 0) + (box?.height ?? 0) }
    }),
  )
  const sorted = boxes.toSorted((a, b) => a.top - b.top)
  sorted.slice(1).forEach(({ top }, index) => expect(top).toBeGreaterThanOrEqual(sorted[index]?.bottom ?? 0))
  // The two buttons of a notice are side by side.
  const [retry, discard] = await Promise.all(
    ['Retry One', 'Discard One'].map((name) => page.getByRole('button', { name }).boundingBox()),
  )
  expect(retry?.y).toBe(discard?.y)
  for (const button of await page.getByRole('region', { name: 'Notices' }).getByRole('button').all())
    await button.click({ trial: true })
})

test('WEB-64 a lost connection is announced once, with and without unsent changes', async ({
  page,
  context,
}) => {
  await openNewList(page)
  await addTask(page, 'Milk')
  await expect(page.getByRole('status').filter({ hasText: '1 open, 0 done.' })).toBeAttached()
  const announced: string[] = []
  await page.exposeFunction('record', (text: string) => announced.push(text))
  await page.evaluate(() => {
    const record = (window as { record?: (text: string | null) => void }).record
    // The visible live regions; the one for screen readers only repeats counts.
    for (const region of document.querySelectorAll('output:not(.sr-only)'))
      new MutationObserver(() => record?.(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      })
  })
  await context.setOffline(true)
  await expect.poll(() => announced).toEqual(['No connection.'])
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await expect(page.getByText('3 changes kept on this device')).toBeVisible()
  expect(announced).toEqual(['No connection.'])
  await context.setOffline(false)
  await expect(page.getByText('No connection')).toBeHidden()
  expect(announced.filter(Boolean)).toEqual(['No connection.'])
})
