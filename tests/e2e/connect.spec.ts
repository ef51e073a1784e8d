import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { join, logIn } from './people.ts'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let program: Server
let callback: string

test.beforeAll(async () => {
  program = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<h1>Back</h1>'))
  program.listen(0, '127.0.0.1')
  await once(program, 'listening')
  callback = `http://localhost:${(program.address() as AddressInfo).port}/callback`
})
test.afterAll(() => void program.close())

/** A program that has registered, and the address that it sends its person's browser to. */
async function startProgram(page: Page, client_name = 'Claude') {
  const registered = await page.request.post('/api/auth/oauth2/register', {
    data: { client_name, redirect_uris: [callback], token_endpoint_auth_method: 'none' },
    headers: { 'CF-Connecting-IP': `10.${[...randomBytes(3)].join('.')}` },
  })
  const { client_id } = (await registered.json()) as { client_id: string }
  const code_verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: callback,
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'kept',
    scope: 'tasks:read tasks:write offline_access',
    prompt: 'consent',
  })
  const form = { grant_type: 'authorization_code', client_id, code_verifier, redirect_uri: callback }
  return { form, authorizeUrl: `/api/auth/oauth2/authorize?${query.toString()}` }
}

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

/** Violations of the page's policy, and other errors. */
function complaints(page: Page): string[] {
  const all: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && all.push(message.text())))
  return all
}

test('MCP-20 a person logs in on the way, allows an agent, sees it at work and disconnects it', async ({
  page,
  request,
}) => {
  const said = complaints(page)
  const { email } = await join(page)
  await page.context().clearCookies()
  const { form, authorizeUrl } = await startProgram(page)
  await page.goto(authorizeUrl)
  await expect(page).toHaveURL(/\/login\?next=/)
  await logIn(page, email)
  await expect(page.getByRole('heading', { name: 'Claude wants to use your tasks' })).toBeVisible()
  await expect(page.getByText(email)).toBeVisible()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
  const back = new URL(page.url())
  expect(back.searchParams.get('state')).toBe('kept')
  const code = back.searchParams.get('code') ?? ''
  const answered = await request.post('/api/auth/oauth2/token', { form: { ...form, code } })
  const { access_token } = (await answered.json()) as { access_token: string }
  const params = { name: 'add_task', arguments: { title: 'Written by an agent' } }
  const called = await request.post('/mcp', {
    data: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    headers: { Authorization: `Bearer ${access_token}`, Accept: 'application/json, text/event-stream' },
  })
  expect(called.status()).toBe(200)
  await page.goto('/tasks')
  await expect(page.getByRole('checkbox', { name: 'Written by an agent' })).toBeVisible()
  await page.getByRole('link', { name: 'Account' }).click()
  const agents = page.getByRole('list', { name: 'Connected agents' })
  await expect(agents).toContainText('sees and changes tasks')
  await agents.getByRole('button', { name: 'Disconnect Claude' }).click()
  await expect(page.getByText('Disconnected.', { exact: true })).toBeVisible()
  await expect(agents).toHaveCount(0)
  expect(said).toEqual([])
})

test('MCP-22 somebody new registers on the way, and refuses', async ({ page }) => {
  const { authorizeUrl } = await startProgram(page, 'Cursor')
  await page.goto(authorizeUrl)
  await page.getByRole('link', { name: 'Start your list' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Ann')
  await page.getByLabel('E-mail address').fill(`${randomBytes(8).toString('hex')}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Start your list' }).click()
  await expect(page.getByRole('heading', { name: 'Cursor wants to use your tasks' })).toBeVisible()
  await page.getByRole('button', { name: 'Refuse' }).click()
  await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test(`MCP-23 the question in ${colorScheme} is accessible, fits 320 pixels, and is answered by keyboard`, async ({
      page,
    }) => {
      const said = complaints(page)
      await join(page)
      await page.goto((await startProgram(page, 'A name without end '.repeat(3))).authorizeUrl)
      await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible()
      await expectAccessible(page)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
        ),
      ).toBe(true)
      const heights = await page
        .getByRole('button')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
      expect(heights.filter((height) => height < 44)).toEqual([])
      await page.getByRole('button', { name: 'Allow' }).press('Enter')
      await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
      await page.goto('/account')
      await expect(page.getByRole('button', { name: /^Disconnect/ })).toBeVisible()
      await expectAccessible(page)
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
        ),
      ).toBe(true)
      await page.goto('/connect?sig=changed')
      await expect(page.getByRole('heading', { name: 'Not connected' })).toBeVisible()
      await expectAccessible(page)
      expect(said).toEqual([])
    })
  })
}
