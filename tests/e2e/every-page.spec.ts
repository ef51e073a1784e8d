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
  })
}
