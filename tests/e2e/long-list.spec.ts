import { expect, test, type Page } from '@playwright/test'
import { expectTitles, insertTasks } from './task-list.ts'
import { signUp } from './users.ts'

const TASK_COUNT = 10_000
const ROWS_MAX = 200
const rows = (page: Page) => page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')
const focusedPosition = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.closest('li')?.getAttribute('aria-posinset')))

test('WEB-51 of ten thousand tasks only the rows in view are rendered', async ({ page }) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 390, height: 844 })
  const { email } = await signUp(page)
  await insertTasks(email, TASK_COUNT)
  await page.goto('/tasks')
  await expect(page.getByRole('heading', { name: '10,000 open tasks' })).toBeVisible({ timeout: 60_000 })

  // A bounded number of rows, with their positions in the whole list.
  expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX)
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '10000')
  await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1')

  // By keyboard from the first row through the 80th to the last.
  await page.keyboard.press('j')
  for (let position = 2; position <= 80; position++) await page.keyboard.press('j')
  expect(await focusedPosition(page)).toBe(80)
  await page.keyboard.press('End')
  await expect.poll(() => focusedPosition(page)).toBe(TASK_COUNT)
  await page.keyboard.press('j')
  expect(await focusedPosition(page)).toBe(TASK_COUNT)
  await expect(page.locator(':focus')).toBeInViewport()
  for (let presses = 0; presses < 40; presses++) await page.keyboard.press('k')
  expect(await focusedPosition(page)).toBe(TASK_COUNT - 40)
  await expect(page.locator(':focus')).toBeInViewport()
  expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX)

  // A focused row stays rendered when it is scrolled out of view, and keys continue from it.
  await page.evaluate(() => scrollTo(0, 0))
  await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1')
  expect(await focusedPosition(page)).toBe(TASK_COUNT - 40)
  await page.keyboard.press('ArrowDown')
  expect(await focusedPosition(page)).toBe(TASK_COUNT - 39)
  await expect(page.locator(':focus')).toBeInViewport()

  const { heap, elements } = await page.evaluate(() => {
    const { memory } = performance as Performance & { memory: { usedJSHeapSize: number } }
    return { heap: memory.usedJSHeapSize, elements: document.querySelectorAll('*').length }
  })
  console.log(`10,000 tasks: ${(heap / 1e6).toFixed(1)} MB of heap, ${elements} elements`)
  expect(elements).toBeLessThan(2_000)

  // Ticking a row near the end.
  await page.keyboard.press('Space')
  await expect(page.getByRole('heading', { name: '9,999 open tasks' })).toBeVisible()
  await expect(page.locator(':focus')).toBeChecked()

  // A search also finds tasks that are not rendered, by title and description.
  await page.keyboard.press('/')
  await page.keyboard.type('note 4995')
  await expectTitles(page, ['Task 4995'])
  await expect(page).toHaveURL('/tasks?q=note+4995')
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '1')
})
