import { expect, test, type Page } from '@playwright/test'
import { collectErrors, expectAccessible, expectFits320, lowTargets } from './page-checks.ts'
import { addTask, clearDevice, openListWith, openNewList } from './task-list.ts'

/** A scan takes seconds of computing, which is many more on a busy machine. */
test.setTimeout(180_000)

const PUBLIC_PATHS = ['/', '/login', '/register', '/docs', '/no-such-page']

/** Returns the longest transition or animation on the page in seconds, pseudo-elements included. */
const longestMotion = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((element) =>
        [undefined, '::before', '::after', '::backdrop'].flatMap((part) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element, part)
          return `${transitionDuration}, ${animationDuration}`
            .split(', ')
            .map((time) => parseFloat(time) || 0)
        }),
      ),
    ),
  )

test('WEB-62 every target is at least 44 pixels high on a touch screen', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true })
  const page = await context.newPage()
  for (const path of PUBLIC_PATHS) {
    await page.goto(path)
    expect(await lowTargets(page), path).toEqual([])
  }
  await openListWith(page, ['Bread', 'Milk'])
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

test('WEB-62 nothing moves with reduced motion, and something does without', async ({ browser }) => {
  const measure = async (reducedMotion: 'reduce' | 'no-preference') => {
    const context = await browser.newContext({ reducedMotion })
    const page = await context.newPage()
    await openListWith(page, ['Bread', 'Milk'])
    await page.getByRole('button', { name: 'Delete Milk' }).click()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    const list = await longestMotion(page)
    await page.route('**/_astro/*.js', (route) => route.abort())
    await page.reload()
    const loading = await longestMotion(page)
    await context.close()
    return { list, loading }
  }
  const reduced = await measure('reduce')
  expect(Math.max(reduced.list, reduced.loading)).toBeLessThan(0.001)
  const full = await measure('no-preference')
  expect(Math.min(full.list, full.loading)).toBeGreaterThan(0.2)
})

for (const path of PUBLIC_PATHS)
  test(`WEB-31 ${path} is accessible in dark and light, logs no errors, and fits 320 pixels`, async ({
    page,
  }) => {
    const errors = collectErrors(page, /status of 4\d\d/)
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await expectAccessible(page)
    await expectFits320(page)
    if (path === '/login' || path === '/register') {
      await page.getByRole('button', { name: path === '/login' ? 'Log in' : 'Start your list' }).click()
      await expect(page.locator('.field-error').first()).toBeVisible()
      await expectAccessible(page)
      await expectFits320(page)
    }
    expect(errors).toEqual([])
  })

test('WEB-31 the list is accessible in dark and light: empty, full, in editing, at 320 pixels', async ({
  page,
}) => {
  const errors = collectErrors(page, /status of 4\d\d/)
  await openNewList(page)
  await expectAccessible(page)
  for (const title of ['Milk', 'A title without end '.repeat(9).trim(), 'x'.repeat(200)])
    await addTask(page, title)
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expectAccessible(page)
  await page.getByRole('button', { name: /Edit Milk/ }).click()
  await expectAccessible(page)
  await expectFits320(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Delete Milk' }).click()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await expectAccessible(page)
  expect(errors).toEqual([])
})

test('WEB-31 the search and the help are accessible in dark and light: with results, without, at 320 pixels', async ({
  page,
}) => {
  const errors = collectErrors(page, /status of 4\d\d/)
  await openListWith(page, ['Bread', 'Milk'])
  const search = page.getByLabel('Search tasks')
  await search.fill('milk')
  await expect(page.getByRole('checkbox')).toHaveCount(1)
  await expectAccessible(page)
  await search.fill('x'.repeat(60))
  await expect(page.getByText('No task has')).toBeVisible()
  await expectAccessible(page)
  await expectFits320(page)
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect(search).toBeFocused()
  await search.blur()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help).toBeVisible()
  await expectAccessible(page)
  expect(await help.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth)).toBe(true)
  expect(errors).toEqual([])
})

test('WEB-31 the list is accessible in dark and light: loading, and failed to load', async ({ page }) => {
  await openNewList(page)
  await page.route('**/_astro/*.js', (route) => route.abort())
  await page.reload()
  await expect(page.locator('.skeleton').first()).toBeVisible()
  await expectAccessible(page)
  await page.unroute('**/_astro/*.js')

  await page.route('**/api/**', (route) => route.fulfill({ status: 503 }))
  await page.goto('/docs')
  await clearDevice(page)
  await page.goto('/shell/tasks')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await expectAccessible(page)
})

test('WEB-31 the list is accessible in dark and light: with notices, and on logging out, at 320 pixels', async ({
  page,
  context,
}) => {
  await openListWith(page, ['Bread', 'Milk'])
  await page.route('**/complete', (route) => route.fulfill({ status: 409 }))
  await page.getByRole('checkbox', { name: 'Milk' }).check()
  await expect(page.getByRole('button', { name: 'Retry Milk' })).toBeVisible()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Delete Bread' }).click()
  await expect(page.getByText('1 change kept on this device')).toBeVisible()
  await page.locator('#new-version').evaluate((notice: HTMLElement) => (notice.hidden = false))
  await expectAccessible(page)
  await expectFits320(page)
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('dialog', { name: /not saved yet/ })).toBeVisible()
  await expectAccessible(page)
  await expectFits320(page)
})
