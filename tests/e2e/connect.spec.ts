import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, type Page } from '@playwright/test'
import { collectErrors, expectAccessible, expectFits320 } from './page-checks.ts'
import { fillInRegistration, logIn, newEmail, signUp } from './users.ts'

/** Serves the redirect URI of the OAuth clients. */
let clientServer: Server
let redirectUri: string

test.beforeAll(async () => {
  clientServer = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end('<h1>Back</h1>'),
  )
  clientServer.listen(0, '127.0.0.1')
  await once(clientServer, 'listening')
  redirectUri = `http://localhost:${(clientServer.address() as AddressInfo).port}/callback`
})
test.afterAll(() => void clientServer.close())

/** Registers an OAuth client. Returns the URL to which it sends the user, and its form for the token request. */
async function registerClient(page: Page, client_name = 'Claude') {
  const response = await page.request.post('/api/auth/oauth2/register', {
    data: { client_name, redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    headers: { 'CF-Connecting-IP': `10.${[...randomBytes(3)].join('.')}` },
  })
  const { client_id } = (await response.json()) as { client_id: string }
  const code_verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'unchanged',
    scope: 'tasks:read tasks:write offline_access',
    prompt: 'consent',
  })
  const tokenForm = { grant_type: 'authorization_code', client_id, code_verifier, redirect_uri: redirectUri }
  return { tokenForm, authorizeUrl: `/api/auth/oauth2/authorize?${query.toString()}` }
}

test('MCP-20 a user logs in, allows an OAuth client, sees its task and disconnects it', async ({
  page,
  request,
}) => {
  const errors = collectErrors(page)
  const { email } = await signUp(page)
  await page.context().clearCookies()
  const { tokenForm, authorizeUrl } = await registerClient(page)
  await page.goto(authorizeUrl)
  await expect(page).toHaveURL(/\/login\?next=/)
  await logIn(page, email)
  await expect(page.getByRole('heading', { name: 'Claude wants to use your tasks' })).toBeVisible()
  await expect(page.getByText(email)).toBeVisible()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
  const { searchParams } = new URL(page.url())
  expect(searchParams.get('state')).toBe('unchanged')
  const code = searchParams.get('code') ?? ''
  const tokenResponse = await request.post('/api/auth/oauth2/token', { form: { ...tokenForm, code } })
  const { access_token } = (await tokenResponse.json()) as { access_token: string }
  const params = { name: 'add_task', arguments: { title: 'Written by an agent' } }
  const toolResponse = await request.post('/mcp', {
    data: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    headers: { Authorization: `Bearer ${access_token}`, Accept: 'application/json, text/event-stream' },
  })
  expect(toolResponse.status()).toBe(200)
  await page.goto('/tasks')
  await expect(page.getByRole('checkbox', { name: 'Written by an agent' })).toBeVisible()
  await page.getByRole('link', { name: 'Account' }).click()
  const agents = page.getByRole('list', { name: 'Connected agents' })
  await expect(agents).toContainText('sees and changes tasks')
  await agents.getByRole('button', { name: 'Disconnect Claude' }).click()
  await expect(page.getByText('Disconnected.', { exact: true })).toBeVisible()
  await expect(agents).toHaveCount(0)
  expect(errors).toEqual([])
})

test('MCP-22 a new user registers on the way, and refuses', async ({ page }) => {
  const { authorizeUrl } = await registerClient(page, 'Cursor')
  await page.goto(authorizeUrl)
  await page.getByRole('link', { name: 'Start your list' }).click()
  await fillInRegistration(page, { name: 'Ann', email: newEmail() })
  await expect(page.getByRole('heading', { name: 'Cursor wants to use your tasks' })).toBeVisible()
  await page.getByRole('button', { name: 'Refuse' }).click()
  await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
})

test('MCP-23 the consent page is accessible in dark and light, fits 320 pixels, and is answered by keyboard', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const errors = collectErrors(page)
  await signUp(page)
  await page.goto((await registerClient(page, 'A name without end '.repeat(3))).authorizeUrl)
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible()
  await expectAccessible(page)
  await expectFits320(page)
  const heights = await page
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height))
  expect(heights.filter((height) => height < 44)).toEqual([])
  await page.getByRole('button', { name: 'Allow' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Back' })).toBeVisible()
  await page.goto('/account')
  await expect(page.getByRole('button', { name: /^Disconnect/ })).toBeVisible()
  await expectAccessible(page)
  await expectFits320(page)
  await page.goto('/connect?sig=changed')
  await expect(page.getByRole('heading', { name: 'Not connected' })).toBeVisible()
  await expectAccessible(page)
  expect(errors).toEqual([])
})
