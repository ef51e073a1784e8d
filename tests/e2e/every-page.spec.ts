import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { addTask, join, stored } from './people.ts'

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

/** What can be pressed and is less than 44 pixels high; links that are words of a sentence aside. */
const lowTargets = (page: Page) =>
  page
    .locator('a:visible, button:visible, input:visible, label:has(input):visible')
    .evaluateAll((all) =>
      all
        .filter(
          (one) =>
            !one.matches('.skip-link, p a, dd a, label input') && one.getBoundingClientRect().height < 44,
        )
        .map((one) => one.outerHTML.slice(0, 120)),
    )

/** Seconds for which something of the page would move, pseudo-elements included. */
const longestMove = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((one) =>
        [undefined, '::before', '::after', '::backdrop'].flatMap((part) => {
          const { transitionDuration, animationDuration } = getComputedStyle(one, part)
          return `${transitionDuration}, ${animationDuration}`
            .split(', ')
            .map((time) => parseFloat(time) || 0)
        }),
      ),
    ),
  )

test('WEB-62 what is touched is 44 pixels high or more, on every page', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true })
  const page = await context.newPage()
  for (const path of ['/', '/login', '/register', '/docs', '/no-such-page']) {
    await page.goto(path)
    expect(await lowTargets(page), path).toEqual([])
  }
  await join(page)
  for (const title of ['Milk', 'Bread']) await addTask(page, title)
  await stored(page, [{ title: 'Bread' }, { title: 'Milk' }])
  await page.route('**/complete', (route) => route.fulfill({ status: 409 }))
  await page.getByRole('checkbox', { name: 'Bread' }).check()
  await expect(page.getByRole('button', { name: 'Retry Bread' })).toBeVisible()
  await page.getByRole('button', { name: 'Edit Bread' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('button', { name: 'Edit Milk' }).click()
  expect(await lowTargets(page)).toEqual([])
  for (const path of ['/account', '/chat']) {
    await page.goto(path)
    await expect(page.locator('.skeleton')).toHaveCount(0)
    expect(await lowTargets(page), path).toEqual([])
  }
  await context.close()
})

test('WEB-62 nothing moves where motion is unwanted, and something does elsewhere', async ({ browser }) => {
  const longest = async (reducedMotion: 'reduce' | 'no-preference') => {
    const context = await browser.newContext({ reducedMotion })
    const page = await context.newPage()
    await join(page)
    for (const title of ['Milk', 'Bread']) await addTask(page, title)
    await page.getByRole('button', { name: 'Delete Milk' }).click()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    const list = await longestMove(page)
    await page.route('**/_astro/*.js', (route) => route.abort())
    await page.reload()
    const loading = await longestMove(page)
    await context.close()
    return { list, loading }
  }
  const still = await longest('reduce')
  expect(Math.max(still.list, still.loading)).toBeLessThan(0.001)
  const lively = await longest('no-preference')
  expect(Math.min(lively.list, lively.loading)).toBeGreaterThan(0.2)
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
        if (path === '/login' || path === '/register') {
          await page.locator('form button.button').click()
          await expect(page.locator('.field-error').first()).toBeVisible()
          await expectAccessible(page)
          expect(await hasNoSidewaysScroll(page)).toBe(true)
        }
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

    test(`WEB-31 loading, failing to load, refusals, notices and the way out in ${colorScheme} are accessible`, async ({
      page,
      context,
    }) => {
      await join(page)
      await page.route('**/_astro/*.js', (route) => route.abort())
      await page.reload()
      await expect(page.locator('.skeleton').first()).toBeVisible()
      await expectAccessible(page)
      await page.unroute('**/_astro/*.js')

      await page.route('**/api/**', (route) => route.fulfill({ status: 503 }))
      await page.goto('/docs')
      await page.evaluate(async () => {
        for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
      })
      await page.goto('/shell/tasks')
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
      await expectAccessible(page)
      await page.unroute('**/api/**')

      await page.goto('/tasks')
      for (const title of ['Milk', 'Bread']) await addTask(page, title)
      await stored(page, [{ title: 'Bread' }, { title: 'Milk' }])
      await page.route('**/complete', (route) => route.fulfill({ status: 409 }))
      await page.getByRole('checkbox', { name: 'Milk' }).check()
      await expect(page.getByRole('button', { name: 'Retry Milk' })).toBeVisible()
      await context.setOffline(true)
      await page.getByRole('button', { name: 'Delete Bread' }).click()
      await expect(page.getByText('1 change kept on this device')).toBeVisible()
      await page.locator('#new-version').evaluate((notice: HTMLElement) => (notice.hidden = false))
      await expectAccessible(page)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await hasNoSidewaysScroll(page)).toBe(true)
      await page.getByRole('button', { name: 'Log out' }).click()
      await expect(page.getByRole('dialog', { name: /not saved yet/ })).toBeVisible()
      await expectAccessible(page)
      expect(await hasNoSidewaysScroll(page)).toBe(true)
    })
  })
}
