import { expect, test, type FrameLocator, type Page } from '@playwright/test'
import { collectErrors, expectAccessible, expectFits320, lowTargets } from './page-checks.ts'
import { expectStored, openListWith, openNewList, serviceWorkerReady, taskTitles } from './task-list.ts'
import { signUp } from './users.ts'

const field = (page: Page | FrameLocator) => page.getByLabel('Message to the assistant')
const log = (page: Page | FrameLocator) => page.getByRole('log', { name: 'Conversation' })
const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Assistant' })
const frameOf = (page: Page) => page.getByTitle('Assistant').contentFrame()

/** The description of a tool call. Buttons repeat it for screen readers, and the reply is another sentence. */
const call = (page: Page, words: string) => log(page).getByRole('paragraph').getByText(words, { exact: true })

/** The row of a tool call, which is an item of the list in its reply. */
const callRow = (page: Page, words: string) =>
  log(page).getByRole('listitem').filter({ hasText: words }).last()

async function openNewChat(page: Page) {
  await signUp(page)
  await page.goto('/chat')
  await expect(field(page)).toBeFocused()
}

async function send(page: Page | FrameLocator, text: string) {
  await field(page).fill(text)
  await field(page).press('Enter')
}

/** Has the assistant add two tasks and ask for approval to delete one. */
async function requestDelete(page: Page) {
  await send(page, 'Add buy milk and call Ann')
  await expect(call(page, 'Added “call Ann”')).toBeVisible()
  await send(page, 'Delete call Ann')
  await expect(page.getByRole('button', { name: /^Approve/ })).toBeVisible()
}

test('CHAT-60 the assistant adds, completes and lists tasks, and describes each call', async ({ page }) => {
  await openNewChat(page)
  await send(page, 'Add buy milk and call Ann')
  for (const words of ['Added “buy milk”', 'Added “call Ann”']) await expect(call(page, words)).toBeVisible()
  await expect(field(page)).toBeFocused()
  await expect(field(page)).toHaveValue('')
  await send(page, 'Complete buy milk')
  await expect(call(page, 'Completed “buy milk”')).toBeVisible()
  await send(page, 'Show what is open')
  await expect(call(page, 'Looked at 1 task')).toBeVisible()
  await expectStored(page, [{ title: 'call Ann' }, { title: 'buy milk', completed: true }])
})

test('CHAT-61 a delete needs approval, also after a reload, and can be undone like any call', async ({
  page,
}) => {
  await openNewChat(page)
  await requestDelete(page)
  await expectStored(page, [{ title: 'call Ann' }, { title: 'buy milk' }])
  await page.reload()
  await page.getByRole('button', { name: 'Approve Delete “call Ann”?' }).click()
  await expect(call(page, 'Deleted “call Ann”')).toBeVisible()
  await expect(callRow(page, 'Deleted “call Ann”')).toBeFocused()
  await expectStored(page, [{ title: 'buy milk' }])
  await page.getByRole('button', { name: 'Undo Deleted “call Ann”' }).click()
  await expect(log(page).getByText('Undone.')).toBeVisible()
  await expectStored(page, [{ title: 'call Ann' }, { title: 'buy milk' }])

  await send(page, 'Delete buy milk')
  await page.getByRole('button', { name: /^Refuse/ }).click()
  await expect(call(page, 'Kept “buy milk”')).toBeVisible()
  await page.getByRole('button', { name: 'Undo Added “buy milk”' }).click()
  await expectStored(page, [{ title: 'call Ann' }])
})

test('CHAT-61 two calls on one task are undone last first, and stay undone after a reload', async ({
  page,
}) => {
  await openNewChat(page)
  await send(page, 'Add milk and mark it as done')
  await expect(call(page, 'Completed “milk”')).toBeVisible()
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(log(page).getByRole('alert').filter({ hasText: 'Undo that first' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo Completed “milk”' }).click()
  await expect(callRow(page, 'Completed “milk” Undone.')).toBeFocused()
  await expectStored(page, [{ title: 'milk' }])
  await page.reload()
  await expect(log(page).getByText('Undone.')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Undo Completed “milk”' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(log(page).getByText('Undone.')).toHaveCount(2)
  await expectStored(page, [])
})

test('CHAT-61 a call whose task has changed since is not undone, and says so', async ({ page, context }) => {
  await openNewChat(page)
  await send(page, 'Add milk')
  await expect(page.getByRole('button', { name: 'Undo Added “milk”' })).toBeVisible()
  const list = await context.newPage()
  await list.goto('/tasks')
  await list.getByRole('checkbox', { name: 'milk' }).check()
  await expectStored(page, [{ title: 'milk', completed: true }])
  await page.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(
    log(page)
      .getByRole('alert')
      .filter({ hasText: /changed/ }),
  ).toBeVisible()
  await expectStored(page, [{ title: 'milk', completed: true }])
})

test('CHAT-62 conversations are listed, opened, renamed, and deleted after a second press', async ({
  page,
}) => {
  await openNewChat(page)
  await send(page, 'Add milk')
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await expect(page).toHaveURL(/\/chat\?c=/)
  await page.reload()
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await page.getByRole('button', { name: 'New' }).click()
  await expect(page).toHaveURL('/chat')
  await send(page, 'Show all tasks')
  await expect(call(page, 'Looked at 1 task')).toBeVisible()

  await page.getByRole('button', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'Conversations' })
  await expect(history.getByRole('listitem')).toHaveCount(2)
  await history.getByRole('button', { name: 'Rename Add milk' }).click()
  await history.getByLabel('New title of Add milk').fill('Groceries')
  await page.keyboard.press('Enter')
  await history.getByRole('link', { name: 'Groceries' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Groceries' })).toBeVisible()
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await expect(field(page)).toBeFocused()
  await page.goBack()
  await expect(call(page, 'Looked at 1 task')).toBeVisible()

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

test('CHAT-63 Shift+Enter starts a new line, and messages are shown as text, not HTML', async ({ page }) => {
  await openNewChat(page)
  await field(page).fill('Add <img src=x onerror=alert(1)>')
  await page.keyboard.press('Shift+Enter')
  await expect(field(page)).toHaveValue('Add <img src=x onerror=alert(1)>\n')
  await page.keyboard.press('Enter')
  await expect(call(page, 'Added “<img src=x onerror=alert(1)>”')).toBeVisible()
  expect(await log(page).locator('img').count()).toBe(0)
  await send(page, 'help')
  const help = log(page).getByText('I can manage your tasks.')
  expect(await help.evaluate((element) => getComputedStyle(element).whiteSpace)).toMatch(/pre-wrap|preserve/)
})

test('CHAT-64 a stopped reply still shows the calls of its turn when the turn has ended', async ({
  page,
}) => {
  await openNewChat(page)
  // The turn runs on the server, and its response is withheld, as with a slow model.
  await page.route('**/chat', async (route) => {
    if (route.request().method() === 'POST') await route.fetch().catch(() => undefined)
    else await route.fallback()
  })
  await send(page, 'Add milk')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(log(page).getByText(/^Stopped\./)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await page.unroute('**/chat')
  await send(page, 'Complete milk')
  await expect(call(page, 'Completed “milk”')).toBeVisible()
})

test('CHAT-65 a failed turn says why, and trying again continues the same turn', async ({ page }) => {
  await openNewChat(page)
  // The turn runs and its response is lost; then the database is unavailable.
  await page.route('**/chat', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    await route.fetch()
    await route.abort()
  })
  await send(page, 'Add milk')
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
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await expect(log(page).getByText('Add milk', { exact: true })).toHaveCount(1)
  await expectStored(page, [{ title: 'milk' }])
})

test('CHAT-66 messages written offline are kept, and sent when the device is online again', async ({
  page,
  context,
}) => {
  await openNewChat(page)
  await context.setOffline(true)
  await expect(page.getByText('You are offline.')).toBeVisible()
  await send(page, 'Add milk')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await field(page).fill('Add bread')
  await context.setOffline(false)
  await expect(call(page, 'Added “milk”')).toBeVisible()
  await page.reload()
  await expect(field(page)).toHaveValue('Add bread')
  await expectStored(page, [{ title: 'milk' }])

  await page.route('**/chat', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  )
  await send(page, 'Add eggs')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.unroute('**/chat')
  await page.reload()
  await expect(log(page).getByText('This was not sent.')).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(call(page, 'Added “eggs”')).toBeVisible()
})

test('CHAT-67 a turn that runs while the page opens is shown to its end', async ({ page }) => {
  await openNewChat(page)
  await send(page, 'Add milk')
  await expect(call(page, 'Added “milk”')).toBeVisible()
  let reads = 0
  await page.route('**/conversations/*', async (route) => {
    const response = await route.fetch()
    if (++reads > 2) return route.fulfill({ response })
    const transcript = (await response.json()) as { messages: object[] }
    Object.assign(transcript.messages[1] ?? {}, { status: 'running', content: '', tool_calls: [] })
    return route.fulfill({ response, json: transcript })
  })
  await page.reload()
  await expect(log(page).getByText('Answering…')).toBeAttached()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  await expect(call(page, 'Added “milk”')).toBeVisible()
  expect(reads).toBe(3)
})

test('CHAT-68 a screen reader gets a reply once, when it is complete', async ({ page }) => {
  await openNewChat(page)
  await expect(log(page)).toHaveAttribute('aria-live', 'off')
  await send(page, 'Add milk')
  await expect(page.getByRole('status').filter({ hasText: 'Added “milk”. Added “milk”.' })).toBeAttached()
})

test('CHAT-70 the assistant works in the panel, and the list follows its changes', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await openListWith(page, ['Bread'])
  const frame = frameOf(page)
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  await page.keyboard.press('Escape')
  expect(requests.filter((path) => path === '/chat')).toEqual([])
  await page.getByRole('button', { name: 'Assistant' }).click()
  await expect(field(frame)).toBeFocused()
  await send(frame, 'Add milk')
  await expect(page.getByRole('checkbox', { name: 'milk' })).toBeVisible()
  const panel = await panelOf(page).boundingBox()
  const row = await page.getByRole('checkbox', { name: 'milk' }).boundingBox()
  expect(panel?.x).toBeGreaterThan((row?.x ?? 0) + (row?.width ?? 0))
  await send(frame, 'Complete bread')
  await expect(page.getByRole('checkbox', { name: 'Bread' })).toBeChecked()
  await frame.getByRole('button', { name: 'Undo Added “milk”' }).click()
  await expect(page.getByRole('checkbox', { name: 'milk' })).toHaveCount(0)
  expect(await taskTitles(page)).toEqual(['Bread'])
  await field(frame).press('Escape')
  await expect(panelOf(page)).toBeHidden()
  await expect(page.getByRole('button', { name: 'Assistant' })).toBeFocused()
  await page.keyboard.press('a')
  await expect(field(frame)).toBeFocused()
  await field(frame).press('Escape')

  await page.setViewportSize({ width: 390, height: 800 })
  await page.getByRole('button', { name: 'Assistant' }).click()
  const width = await page.evaluate(() => document.body.clientWidth)
  expect(await panelOf(page).boundingBox()).toEqual({ x: 0, y: 0, width, height: 800 })
  await page.getByRole('button', { name: 'Close' }).click()
  await expect(panelOf(page)).toBeHidden()
})

test('CHAT-71 a visitor who is not logged in is led to the login, also from the panel', async ({ page }) => {
  await page.goto('/chat')
  await expect(page).toHaveURL('/login?next=%2Fchat')
  await openNewList(page)
  await page.getByRole('button', { name: 'Assistant' }).click()
  const frame = frameOf(page)
  await expect(field(frame)).toBeFocused()
  await page.context().clearCookies()
  await page.getByTitle('Assistant').evaluate(async (element: HTMLIFrameElement) => {
    const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }))
    element.contentWindow?.location.reload()
    await loaded
  })
  await expect(field(frame)).toBeFocused()
  await send(frame, 'Show all tasks')
  await expect(page).toHaveURL(/\/login\?next=%2Ftasks/)
})

test.describe(() => {
  test.use({ serviceWorkers: 'allow' })
  test('CHAT-72 the assistant opens offline and says so', async ({ page, context }) => {
    await openNewChat(page)
    await serviceWorkerReady(page)
    await page.reload()
    await expect(field(page)).toBeVisible()
    await context.setOffline(true)
    await page.reload()
    await expect(page.getByText('You are offline.')).toBeVisible()
    await expect(field(page)).toBeVisible()
  })
})

test('CHAT-73 the assistant is accessible in dark and light, in every state and in the panel, and fits 320 pixels', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const errors = collectErrors(page, /status of \d|net::ERR/)
  await openNewChat(page)
  await expectAccessible(page)
  await requestDelete(page)
  await expectAccessible(page)
  await page.route('**/chat', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  )
  await send(page, `Add ${'x'.repeat(190)}`)
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await expectAccessible(page)
  await expectFits320(page)
  expect(await log(page).evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
  await page.getByRole('button', { name: 'History' }).click()
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(1)
  await expectAccessible(page)
  await page.unroute('**/chat')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto('/tasks')
  await page.getByRole('button', { name: 'Assistant' }).click()
  await expect(field(frameOf(page))).toBeVisible()
  await expectAccessible(page)
  expect(errors).toEqual([])
})

test('CHAT-73 every target of the assistant is at least 44 pixels high', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await openNewChat(page)
  await requestDelete(page)
  const targets = page.getByRole('link').or(page.getByRole('button')).or(page.getByRole('textbox'))
  expect(await targets.count()).toBeGreaterThan(8)
  expect(await lowTargets(page)).toEqual([])
  await context.close()
})
