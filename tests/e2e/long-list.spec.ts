import { expect, test, type Page } from '@playwright/test'
import { fill, join, titles } from './people.ts'

const TASKS = 10_000
const ROWS_MAX = 200
const rows = (page: Page) => page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')
const focusedPlace = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.closest('li')?.getAttribute('aria-posinset')))

test('WEB-51 ten thousand tasks are one list, of which only what is in sight is drawn', async ({ page }) => {
  test.setTimeout(90_000)
  await page.setViewportSize({ width: 390, height: 844 })
  const { email } = await join(page)
  await fill(email, TASKS)
  await page.reload()
  await expect(page.getByRole('heading', { name: '10,000 open tasks' })).toBeVisible({ timeout: 60_000 })

  // What it is drawn of.
  expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX)
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '10000')
  await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1')

  // Through all of it by keyboard, with a walk through the middle.
  await page.keyboard.press('j')
  for (let place = 2; place <= 80; place++) await page.keyboard.press('j')
  expect(await focusedPlace(page)).toBe(80)
  await page.keyboard.press('End')
  await expect.poll(() => focusedPlace(page)).toBe(TASKS)
  await page.keyboard.press('j')
  expect(await focusedPlace(page)).toBe(TASKS)
  await expect(page.locator(':focus')).toBeInViewport()
  for (let presses = 0; presses < 40; presses++) await page.keyboard.press('k')
  expect(await focusedPlace(page)).toBe(TASKS - 40)
  await expect(page.locator(':focus')).toBeInViewport()
  expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX)

  // What has the focus stays drawn, however far away one looks, and Tab goes on from it.
  await page.evaluate(() => scrollTo(0, 0))
  await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1')
  expect(await focusedPlace(page)).toBe(TASKS - 40)
  await page.keyboard.press('ArrowDown')
  expect(await focusedPlace(page)).toBe(TASKS - 39)
  await expect(page.locator(':focus')).toBeInViewport()

  const { heap, elements } = await page.evaluate(() => {
    const { memory } = performance as unknown as { memory: { usedJSHeapSize: number } }
    return { heap: memory.usedJSHeapSize, elements: document.querySelectorAll('*').length }
  })
  console.log(`10,000 tasks: ${(heap / 1e6).toFixed(1)} MB of heap, ${elements} elements`)
  expect(elements).toBeLessThan(2_000)

  // A tick, far down.
  await page.keyboard.press('Space')
  await expect(page.getByRole('heading', { name: '9,999 open tasks' })).toBeVisible()
  await expect(page.locator(':focus')).toBeChecked()

  // A search finds what is not drawn, in title and note.
  await page.keyboard.press('/')
  await page.keyboard.type('note 4995')
  await expect.poll(() => titles(page)).toEqual(['Task 4995'])
  await expect(page).toHaveURL('/tasks?q=note+4995')
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '1')
})
