import AxeBuilder from '@axe-core/playwright'
import { expect, test, type FrameLocator, type Page } from '@playwright/test'
import { addTask, join, stored, titles } from './people.ts'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

const field = (page: Page | FrameLocator) => page.getByLabel('Message to the assistant')
const log = (page: Page | FrameLocator) => page.getByRole('log', { name: 'Conversation' })

/** The line of something that was done. */
const line = (page: Page, words: string) => log(page).locator('.call-words').getByText(words, { exact: true })

async function joinChat(page: Page) {
  await join(page)
  await page.goto('/chat')
  await expect(field(page)).toBeFocused()
}

async function say(page: Page | FrameLocator, text: string) {
  await field(page).fill(text)
  await field(page).press('Enter')
}

/** Ends with a conversation in which two tasks were added and one is asked to be deleted. */
async function talk(page: Page) {
  await say(page, 'Add buy milk and call Ann')
  await expect(line(page, 'Added “call Ann”')).toBeVisible()
  await say(page, 'Delete call Ann')
  await expect(page.getByRole('button', { name: /^Approve/ })).toBeVisible()
}

test('CHAT-60 what is said is done: adding, listing, completing, and what was done is told in words', async ({
  page,
}) => {
  await joinChat(page)
  await say(page, 'Add buy milk and call Ann')
  for (const words of ['Added “buy milk”', 'Added “call Ann”']) await expect(line(page, words)).toBeVisible()
  await expect(field(page)).toBeFocused()
  await expect(field(page)).toHaveValue('')
  await say(page, 'Complete buy milk')
  await expect(line(page, 'Completed “buy milk”')).toBeVisible()
  await say(page, 'Show what is open')
  await expect(line(page, 'Looked at 1 task')).toBeVisible()
  await stored(page, [{ title: 'call Ann' }, { title: 'buy milk', completed: true }])
})

test('CHAT-61 a delete is asked about, also after a reload, and is undone by its chip like all else', async ({
  page,
}) => {
  await joinChat(page)
  await talk(page)
  await stored(page, [{ title: 'call Ann' }, { title: 'buy milk' }])
  await page.reload()
  await page.getByRole('button', { name: 'Approve Delete “call Ann”?' }).click()
  await expect(line(page, 'Deleted “call Ann”')).toBeVisible()
  await expect(page.locator('.call-row:focus')).toContainText('Deleted “call Ann”')
  await stored(page, [{ title: 'buy milk' }])
  await page.getByRole('button', { name: 'Undo Deleted “call Ann”' }).click()
  await expect(log(page).getByText('Undone.')).toBeVisible()
  await stored(page, [{ title: 'call Ann' }, { title: 'buy milk' }])

  await say(page, 'Delete buy milk')
  await page.getByRole('button', { name: /^Refuse/ }).click()
  await expect(line(page, 'Kept “buy milk”')).toBeVisible()
  await page.getByRole('button', { name: 'Undo Added “buy milk”' }).click()
  await stored(page, [{ title: 'call Ann' }])
})

test('CHAT-61 a task written twice is undone from the last to the first, and a reload still says so', async ({
  page,
}) => {
  await joinChat(page)
  await say(page, 'Add milk and mark it as done')
  await expect(line(page, 'Completed “milk”')).toBeVisible()
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(log(page).getByRole('alert').filter({ hasText: 'Undo that first' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo Completed “milk”' }).click()
  await expect(page.locator('.call-row:focus')).toContainText('Completed “milk” Undone.')
  await stored(page, [{ title: 'milk' }])
  await page.reload()
  await expect(log(page).getByText('Undone.')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Undo Completed “milk”' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(log(page).getByText('Undone.')).toHaveCount(2)
  await stored(page, [])
})

test('CHAT-61 what has changed since is not undone, and says so', async ({ page, context }) => {
  await joinChat(page)
  await say(page, 'Add milk')
  await expect(page.getByRole('button', { name: 'Undo Added “milk”' })).toBeVisible()
  const list = await context.newPage()
  await list.goto('/tasks')
  await list.getByRole('checkbox', { name: 'milk' }).check()
  await stored(page, [{ title: 'milk', completed: true }])
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(
    log(page)
      .getByRole('alert')
      .filter({ hasText: /changed/ }),
  ).toBeVisible()
  await stored(page, [{ title: 'milk', completed: true }])
})

test('CHAT-62 conversations are listed, opened, renamed, and deleted when asked twice', async ({ page }) => {
  await joinChat(page)
  await say(page, 'Add milk')
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await expect(page).toHaveURL(/\/chat\?c=/)
  await page.reload()
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await page.getByRole('button', { name: 'New' }).click()
  await expect(page).toHaveURL('/chat')
  await say(page, 'Show all tasks')
  await expect(line(page, 'Looked at 1 task')).toBeVisible()

  await page.getByRole('button', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'Conversations' })
  await expect(history.getByRole('listitem')).toHaveCount(2)
  await history.getByRole('button', { name: 'Rename Add milk' }).click()
  await history.getByLabel('New title of Add milk').fill('Groceries')
  await page.keyboard.press('Enter')
  await history.getByRole('link', { name: 'Groceries' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Groceries' })).toBeVisible()
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await expect(field(page)).toBeFocused()
  await page.goBack()
  await expect(line(page, 'Looked at 1 task')).toBeVisible()

  await page.getByRole('button', { name: 'History' }).click()
  await history.getByRole('button', { name: 'Delete Show all tasks' }).click()
  await history.getByRole('button', { name: 'Keep' }).click()
  await expect(history.getByRole('listitem')).toHaveCount(2)
  await history.getByRole('button', { name: 'Delete Show all tasks' }).click()
  await history.getByRole('button', { name: 'Delete for good' }).click()
  await expect(history.getByRole('listitem')).toHaveCount(1)
  await history.getByRole('button', { name: 'Close' }).click()
  await expect(page).toHaveURL('/chat')
  await expect(page.getByRole('heading', { level: 1, name: 'Assistant' })).toBeVisible()
})

test('CHAT-63 Shift and Enter break the line, and what people and tools write is text', async ({ page }) => {
  await joinChat(page)
  await field(page).fill('Add <img src=x onerror=alert(1)>')
  await page.keyboard.press('Shift+Enter')
  await expect(field(page)).toHaveValue('Add <img src=x onerror=alert(1)>\n')
  await page.keyboard.press('Enter')
  await expect(line(page, 'Added “<img src=x onerror=alert(1)>”')).toBeVisible()
  expect(await log(page).locator('img').count()).toBe(0)
  await say(page, 'help')
  const help = log(page).getByText('I can manage your tasks.')
  expect(await help.evaluate((one) => getComputedStyle(one).whiteSpace)).toMatch(/pre-wrap|preserve/)
})

test('CHAT-64 an answer is stopped, and what was begun is told when it is through', async ({ page }) => {
  await joinChat(page)
  // The answer of the server is held back, as a slow model would; its turn goes on.
  await page.route('**/chat', async (route) => {
    if (route.request().method() === 'POST') await route.fetch().catch(() => undefined)
    else await route.fallback()
  })
  await say(page, 'Add milk')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(log(page).getByText(/^Stopped\./)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await page.unroute('**/chat')
  await say(page, 'Complete milk')
  await expect(line(page, 'Completed “milk”')).toBeVisible()
})

test('CHAT-65 what fails says why, and tried again it is one turn', async ({ page }) => {
  await joinChat(page)
  // The turn is taken, and its answer lost; then the server is in trouble.
  await page.route('**/chat', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    await route.fetch()
    await route.abort()
  })
  await say(page, 'Add milk')
  await expect(log(page).getByText('Margin can’t be reached. Check your connection.')).toBeVisible()
  await page.unroute('**/chat')
  await page.route('**/chat', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'database-away', title: 'Away', detail: 'The database is away.' }),
        })
      : route.fallback(),
  )
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(log(page).getByText('The database is away.')).toBeVisible()
  await page.unroute('**/chat')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await expect(log(page).getByText('Add milk', { exact: true })).toHaveCount(1)
  await stored(page, [{ title: 'milk' }])
})

test('CHAT-66 offline nothing that was written is lost, and it is sent when the device is back', async ({
  page,
  context,
}) => {
  await joinChat(page)
  await context.setOffline(true)
  await expect(page.getByText('You are offline.')).toBeVisible()
  await say(page, 'Add milk')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await field(page).fill('Add bread')
  await context.setOffline(false)
  await expect(line(page, 'Added “milk”')).toBeVisible()
  await page.reload()
  await expect(field(page)).toHaveValue('Add bread')
  await stored(page, [{ title: 'milk' }])

  await page.route('**/chat', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  )
  await say(page, 'Add eggs')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.unroute('**/chat')
  await page.reload()
  await expect(log(page).getByText('This was not sent.')).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(line(page, 'Added “eggs”')).toBeVisible()
})

test('CHAT-67 a turn that is under way when the page opens is shown to its end', async ({ page }) => {
  await joinChat(page)
  await say(page, 'Add milk')
  await expect(line(page, 'Added “milk”')).toBeVisible()
  let reads = 0
  await page.route('**/conversations/*', async (route) => {
    const answer = await route.fetch()
    if (++reads > 2) return route.fulfill({ response: answer })
    const transcript = (await answer.json()) as { messages: object[] }
    Object.assign(transcript.messages[1] ?? {}, { status: 'running', content: '', tool_calls: [] })
    return route.fulfill({ response: answer, json: transcript })
  })
  await page.reload()
  await expect(log(page).getByText('Answering…')).toBeAttached()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  await expect(line(page, 'Added “milk”')).toBeVisible()
  expect(reads).toBe(3)
})

test('CHAT-68 a screen reader hears an answer once, when it is whole', async ({ page }) => {
  await joinChat(page)
  await expect(log(page)).toHaveAttribute('aria-live', 'off')
  await say(page, 'Add milk')
  await expect(page.locator('output').filter({ hasText: 'Added “milk”. Added “milk”.' })).toBeAttached()
})

test('CHAT-70 beside the list the assistant works, and the list changes with it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await join(page)
  await addTask(page, 'Bread')
  const frame = page.frameLocator('iframe[title="Assistant"]')
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  await page.keyboard.press('Escape')
  expect(requests.filter((path) => path === '/chat')).toEqual([])
  await page.getByRole('button', { name: 'Assistant' }).click()
  await expect(field(frame)).toBeFocused()
  await say(frame, 'Add milk')
  await expect(page.getByRole('checkbox', { name: 'milk' })).toBeVisible()
  const panel = await page.locator('#assistant').boundingBox()
  const row = await page.getByRole('checkbox', { name: 'milk' }).boundingBox()
  expect(panel?.x).toBeGreaterThan((row?.x ?? 0) + (row?.width ?? 0))
  await say(frame, 'Complete bread')
  await expect(page.getByRole('checkbox', { name: 'Bread' })).toBeChecked()
  await frame.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(page.getByRole('checkbox', { name: 'milk' })).toHaveCount(0)
  expect(await titles(page)).toEqual(['Bread'])
  await field(frame).press('Escape')
  await expect(page.locator('#assistant')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Assistant' })).toBeFocused()
  await page.keyboard.press('a')
  await expect(field(frame)).toBeFocused()
  await field(frame).press('Escape')

  await page.setViewportSize({ width: 390, height: 800 })
  await page.getByRole('button', { name: 'Assistant' }).click()
  const width = await page.evaluate(() => document.body.clientWidth)
  expect(await page.locator('#assistant').boundingBox()).toEqual({ x: 0, y: 0, width, height: 800 })
  await page.getByRole('button', { name: 'Close' }).click()
  await expect(page.locator('#assistant')).toBeHidden()
})

test('CHAT-71 only this site may frame the assistant, and a stranger is led to the login', async ({
  page,
}) => {
  await page.goto('/chat')
  await expect(page).toHaveURL('/login?next=%2Fchat')
  await join(page)
  await page.getByRole('button', { name: 'Assistant' }).click()
  const frame = page.frameLocator('iframe[title="Assistant"]')
  await expect(field(frame)).toBeFocused()
  await page.context().clearCookies()
  await page.locator('iframe').evaluate(async (element: HTMLIFrameElement) => {
    const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }))
    element.contentWindow?.location.reload()
    await loaded
  })
  await expect(field(frame)).toBeFocused()
  await say(frame, 'Show all tasks')
  await expect(page).toHaveURL(/\/login\?next=%2Ftasks/)
})

test.describe(() => {
  test.use({ serviceWorkers: 'allow' })
  test('CHAT-72 without a network the assistant opens, and says so', async ({ page, context }) => {
    await joinChat(page)
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await page.reload()
    await expect(field(page)).toBeVisible()
    await context.setOffline(true)
    await page.reload()
    await expect(page.getByText('You are offline.')).toBeVisible()
    await expect(field(page)).toBeVisible()
  })
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`CHAT-73 the assistant in ${colorScheme}, empty, full, asking, failed and beside, is accessible and fits 320 pixels`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme })
    const said: string[] = []
    page.on('pageerror', (error) => said.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of \d|net::ERR/.test(message.text()))
        said.push(message.text())
    })
    await joinChat(page)
    await expectAccessible(page)
    await talk(page)
    await expectAccessible(page)
    await page.route('**/chat', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.fallback(),
    )
    await say(page, `Add ${'x'.repeat(190)}`)
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
    await expectAccessible(page)
    await page.setViewportSize({ width: 320, height: 640 })
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    ).toBe(true)
    expect(await log(page).evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true)
    await page.getByRole('button', { name: 'History' }).click()
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(1)
    await expectAccessible(page)
    await page.unroute('**/chat')
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto('/tasks')
    await page.getByRole('button', { name: 'Assistant' }).click()
    await expect(field(page.frameLocator('iframe'))).toBeVisible()
    await expectAccessible(page)
    expect(said).toEqual([])
  })

test('CHAT-73 what is touched is 44 pixels high or more', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await joinChat(page)
  await talk(page)
  const heights = await page
    .locator('a:visible, button:visible, textarea:visible')
    .evaluateAll((all) =>
      all
        .filter((one) => !one.matches('.skip-link'))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height] as const),
    )
  expect(heights.length).toBeGreaterThan(8)
  expect(heights.filter(([, height]) => height < 44)).toEqual([])
  await context.close()
})
