import { expect, test, type Page } from '@playwright/test'
import { addTask, fill, join, stored } from './people.ts'

/** Milliseconds by which scripts are late, so that what stands in for them is painted first. */
const SCRIPT_LATE_MS = 300
const SHIFT_MAX = 0.01

interface Shift {
  value: number
  what: string[]
}

/** Notes each shift of the layout from the first paint on, what follows a press included. */
async function watchShifts(page: Page) {
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
          what: entry.sources.map(({ node, previousRect: from, currentRect: to }) => {
            const html = node instanceof Element ? node.outerHTML : (node?.parentElement?.outerHTML ?? '')
            return `${html.slice(0, 80)} from ${from.x},${from.y} to ${to.x},${to.y}`
          }),
        })
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

const shiftsOf = (page: Page) => page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts)

async function expectSteady(page: Page, max = SHIFT_MAX) {
  const shifts = await shiftsOf(page)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThanOrEqual(max)
}

const placeOf = (page: Page, title: string) =>
  page.getByRole('checkbox', { name: title, exact: true }).evaluate((tick) => tick.getBoundingClientRect().y)

for (const width of [390, 1280]) {
  test(`WEB-122 no page moves while it loads, at ${width} pixels`, async ({ page }) => {
    test.setTimeout(90_000)
    await page.setViewportSize({ width, height: 800 })
    await watchShifts(page)
    await page.route('**/_astro/*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, SCRIPT_LATE_MS))
      await route.continue()
    })
    const visit = async (path: string) => {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await expectSteady(page)
    }
    for (const path of ['/', '/login', '/register', '/docs', '/no-such-page']) await visit(path)
    const { email } = await join(page, 'Annabella Longname')
    for (const path of ['/tasks', '/chat']) await visit(path)
    await fill(email, 60)
    for (const path of ['/tasks', '/tasks?filter=done', '/tasks?q=task+5', '/account', '/']) await visit(path)
  })
}

test('WEB-122 the list stays where it is while a change is slow to be saved', async ({ page }) => {
  const { email } = await join(page)
  await fill(email, 60)
  await watchShifts(page)
  await page.reload()
  await expect(page.getByRole('heading', { name: '60 open tasks' })).toBeVisible()
  await page.evaluate(() => ((window as unknown as { shifts: Shift[] }).shifts.length = 0))
  await page.route('**/complete', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await route.continue()
  })
  for (const [scroll, title] of [
    [0, 'Task 60'],
    [900, 'Task 38'],
  ] as const) {
    await page.evaluate((y) => scrollTo(0, y), scroll)
    const before = await placeOf(page, title)
    await page.getByRole('checkbox', { name: title, exact: true }).check()
    await expect(page.getByText('Saving…')).toBeInViewport()
    expect(await placeOf(page, title)).toBe(before)
    await expect(page.getByText('Saving…')).toBeHidden()
    expect(await placeOf(page, title)).toBe(before)
  }
  await expectSteady(page, 0.001)
})

test('WEB-49 a refusal shows wherever one has scrolled, and moves nothing', async ({ page }) => {
  const { email } = await join(page)
  await fill(email, 300)
  await page.reload()
  await expect(page.getByRole('heading', { name: '300 open tasks' })).toBeVisible()
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
  const before = await placeOf(page, 'Task 1')
  await page.keyboard.press('Space')
  const refusal = page.getByText('“Task 1” could not be ticked.')
  await expect(refusal).toBeInViewport()
  await expect(page.getByRole('button', { name: 'Discard Task 1' })).toBeInViewport()
  expect(await placeOf(page, 'Task 1')).toBe(before)
  await page.unroute('**/complete')
  await page.getByRole('button', { name: 'Retry Task 1' }).click()
  await expect(refusal).toBeHidden()
  await expect(last).toBeChecked()
})

test('WEB-49 one notice covers no other', async ({ page, context }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await join(page)
  const list = ['x'.repeat(200), 'Two', 'One']
  for (const title of list.toReversed()) await addTask(page, title)
  await stored(
    page,
    list.map((title) => ({ title })),
  )
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
  const places = await Promise.all(
    notices.map(async (notice) => {
      await expect(notice).toBeInViewport()
      const box = await notice.boundingBox()
      return { top: box?.y ?? 0, bottom: (box?.y ?? 0) + (box?.height ?? 0) }
    }),
  )
  const sorted = places.toSorted((a, b) => a.top - b.top)
  sorted.slice(1).forEach(({ top }, index) => expect(top).toBeGreaterThanOrEqual(sorted[index]?.bottom ?? 0))
  // The two answers to a refusal stand side by side.
  const [retry, discard] = await Promise.all(
    ['Retry One', 'Discard One'].map((name) => page.getByRole('button', { name }).boundingBox()),
  )
  expect(retry?.y).toBe(discard?.y)
  for (const button of await page.getByRole('region', { name: 'Notices' }).getByRole('button').all())
    await button.click({ trial: true })
})

test('WEB-64 that there is no connection is announced once, with or without work to send', async ({
  page,
  context,
}) => {
  await join(page)
  await addTask(page, 'Milk')
  await expect(page.locator('output.sr-only').last()).toHaveText('1 open, 0 done.')
  const said: string[] = []
  await page.exposeFunction('note', (text: string) => said.push(text))
  await page.evaluate(() => {
    const note = (window as unknown as { note: (text: string | null) => void }).note
    for (const live of document.querySelectorAll('output:not(.sr-only)'))
      new MutationObserver(() => note(live.textContent)).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      })
  })
  await context.setOffline(true)
  await expect.poll(() => said, { timeout: 3_000 }).toEqual(['No connection.'])
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await expect(page.getByText('3 changes kept on this device')).toBeVisible()
  expect(said).toEqual(['No connection.'])
  await context.setOffline(false)
  await expect(page.getByText('No connection')).toBeHidden()
  expect(said.filter(Boolean)).toEqual(['No connection.'])
})
