import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { addTask, join } from './people.ts'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

/** Complaints of the browser about the page: errors, and violations of its Content-Security-Policy. */
function complaints(page: Page): string[] {
  const all: string[] = []
  page.on('pageerror', (error) => all.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) all.push(message.text())
  })
  return all
}

const hasNoSidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

test('WEB-62 what is touched is 44 pixels high or more, and no text is moved when motion is unwanted', async ({
  browser,
}) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await join(page)
  await addTask(page, 'Milk')
  await page.getByRole('button', { name: /Edit Milk/ }).click()
  const heights = await page
    .locator('a:visible, button:visible, input:visible')
    .evaluateAll((all) =>
      all
        .filter((one) => !one.matches('.skip-link'))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height] as const),
    )
  expect(heights.length).toBeGreaterThan(5)
  expect(heights.filter(([, height]) => height < 44)).toEqual([])
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((one) =>
      getComputedStyle(one).transitionDuration.split(', '),
    ),
  )
  expect(durations.filter((time) => parseFloat(time) > 0.001)).toEqual([])
  await context.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    for (const path of ['/', '/login', '/register', '/docs', '/no-such-page'])
      test(`WEB-31 ${path} in ${colorScheme} is accessible, quiet, and fits 320 pixels`, async ({ page }) => {
        const said = complaints(page)
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
        await expectAccessible(page)
        await page.setViewportSize({ width: 320, height: 640 })
        expect(await hasNoSidewaysScroll(page)).toBe(true)
        expect(said).toEqual([])
      })

    test(`WEB-31 the list in ${colorScheme}, empty, full and in editing, is accessible and fits 320 pixels`, async ({
      page,
    }) => {
      const said = complaints(page)
      await join(page)
      await expectAccessible(page)
      for (const title of ['Milk', 'A title without end '.repeat(9).trim(), 'x'.repeat(200)])
        await addTask(page, title)
      await page.getByRole('checkbox', { name: 'Milk' }).check()
      await expectAccessible(page)
      await page.getByRole('button', { name: /Edit Milk/ }).click()
      await expectAccessible(page)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await hasNoSidewaysScroll(page)).toBe(true)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Delete Milk' }).click()
      await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
      await expectAccessible(page)
      expect(said).toEqual([])
    })

    test(`WEB-31 search, its results, none of them, and the help in ${colorScheme} are accessible and fit 320 pixels`, async ({
      page,
    }) => {
      const said = complaints(page)
      await join(page)
      for (const title of ['Milk', 'Bread']) await addTask(page, title)
      await page.getByLabel('Search tasks').fill('milk')
      await expect(page.getByRole('checkbox')).toHaveCount(1)
      await expectAccessible(page)
      await page.getByLabel('Search tasks').fill('x'.repeat(60))
      await expect(page.getByText('No task has')).toBeVisible()
      await expectAccessible(page)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await hasNoSidewaysScroll(page)).toBe(true)
      await page.getByRole('button', { name: 'Clear the search' }).click()
      await expect(page.getByLabel('Search tasks')).toBeFocused()
      await page.getByLabel('Search tasks').blur()
      await page.keyboard.press('?')
      const help = page.getByRole('dialog', { name: 'Keys' })
      await expect(help).toBeVisible()
      await expectAccessible(page)
      expect(await help.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth)).toBe(true)
      expect(said).toEqual([])
    })
  })
}
