import { expect, test } from 'vitest'
import { expectProblem } from '../../tests/support/problem.ts'
import {
  signUpIn,
  locationOf,
  newAddress,
  openBrowser,
  startMcp,
  type Browser,
} from '../../tests/support/mcp.ts'
import { querySql } from '../../tests/support/sql.ts'

const { origin, worker } = await startMcp()

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** Registers a client; returns its id and its authorization request. */
async function registerClient(client_name: string, callback = 'https://agent.example/callback') {
  const registered = await fetch(`${origin}/api/auth/oauth2/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': newAddress() },
    body: JSON.stringify({ client_name, redirect_uris: [callback], token_endpoint_auth_method: 'none' }),
  })
  const { client_id } = (await registered.json()) as { client_id: string }
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: callback,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    state: 'a b&c',
    scope: 'tasks:read offline_access',
  })
  return { client_id, authorizeUrl: `/api/auth/oauth2/authorize?${query.toString()}` }
}

/** Opens the consent page of an authorization request; returns the signed query of its form too. */
async function openConsentPage(browser: Browser, authorizeUrl: string) {
  const path = locationOf(await browser.go(authorizeUrl))
  worker.tap.clear()
  const page = await browser.go(path)
  const statements = worker.tap.requests.length
  const html = await page.text()
  const query = path.slice('/connect?'.length)
  return { path, page, html, query, statements }
}

const policyOf = (html: string) =>
  /http-equiv="content-security-policy" content="([^"]*)"/.exec(html)?.[1] ?? ''

test('MCP-23 the consent page says who asks, where the answer goes, on whose behalf, and for what', async () => {
  const browser = openBrowser(origin)
  const { email } = await signUpIn(browser)
  const { authorizeUrl } = await registerClient('Claude')
  const { page, html, statements } = await openConsentPage(browser, authorizeUrl)
  expect(page.status).toBe(200)
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'cache-control': 'private, no-store',
    'content-security-policy': "frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'permissions-policy': expect.stringContaining('camera=()'),
  })
  for (const words of [
    'Claude wants to use your tasks',
    'agent.example',
    email,
    'See all your tasks',
    'until you disconnect',
  ])
    expect(html).toContain(words)
  expect(html).not.toContain('delete tasks')
  expect(html).not.toContain('data-slot')
  expect(html).not.toMatch(/<script|astro-island/)
  expect(policyOf(html)).toMatch(/form-action 'self' https:\/\/agent\.example(;|$)/)
  expect(statements).toBe(1)
})

test.for([
  ['http://localhost:1234/callback', 'a program on this device (localhost:1234)', 'http://localhost:1234'],
  ['http://127.0.0.1:33418/', 'a program on this device (127.0.0.1:33418)', 'http://127.0.0.1:33418'],
  ['com.example.agent:/callback', 'a program on this device (com.example.agent:)', 'com.example.agent:'],
])('MCP-23 for %s the answer goes to %s', async ([callback = '', words, source = '']) => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { html } = await openConsentPage(
    browser,
    (await registerClient('A native one', callback)).authorizeUrl,
  )
  expect(html).toContain(words)
  expect(policyOf(html)).toMatch(new RegExp(`form-action 'self' ${source}(;|$)`))
})

test('MCP-23 the name of a client is shown as text', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const name = `<img src=x onerror=alert(1)>"'&{{email}}\u202e\u0000`
  const { html } = await openConsentPage(browser, (await registerClient(name)).authorizeUrl)
  expect(html).toContain(`&lt;img src=x onerror=alert(1)&gt;"'&amp;{{email}} wants to use your tasks`)
  expect(html).not.toContain('<img')
  const nameless = await openConsentPage(browser, (await registerClient('')).authorizeUrl)
  expect(nameless.html).toContain('A program without a name wants')
})

test('MCP-23 opening the page changes nothing, and only the user’s own form is an answer', async () => {
  const browser = openBrowser(origin)
  const ann = await signUpIn(browser)
  const { authorizeUrl } = await registerClient('Claude')
  const { query } = await openConsentPage(browser, authorizeUrl)
  const allowed = () => querySql('select 1 from oauth_consent where user_id = $1', [ann.id])
  const yes = { query, answer: 'allow' }
  for (const from of ['https://evil.example', 'null'])
    await expectProblem(await browser.form('/connect', yes, { Origin: from }), 403, 'forbidden')
  expect(await allowed()).toEqual([])
  // The signed copy in the cookie is fresh, but the session has ended elsewhere.
  await querySql('delete from session where user_id = $1', [ann.id])
  expect(locationOf(await browser.form('/connect', yes))).toMatch(/^\/login\?next=%2Fconnect%3F/)
  expect(await allowed()).toEqual([])
})

test('MCP-23 a stranger is sent to log in, and back to the consent page', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { path } = await openConsentPage(browser, (await registerClient('Claude')).authorizeUrl)
  const login = new URL(locationOf(await openBrowser(origin).go(path)), origin)
  expect(login.pathname).toBe('/login')
  expect(login.searchParams.get('next')).toBe(path)
})

test('MCP-25 a request that was altered, has expired or was never made leads to a page of ours', async () => {
  const browser = openBrowser(origin)
  const ann = await signUpIn(browser)
  const { client_id, authorizeUrl } = await registerClient('Claude')
  const { query } = await openConsentPage(browser, authorizeUrl)
  const change = (name: string, value: string) => {
    const changed = new URLSearchParams(query)
    changed.set(name, value)
    return changed.toString()
  }
  for (const bad of [
    change('scope', 'tasks:read tasks:write'),
    change('redirect_uri', 'https://evil.example/'),
    change('exp', '9999999999'),
    change('sig', 'x'),
    '',
    `client_id=${client_id}`,
  ]) {
    expect(locationOf(await browser.go(`/connect?${bad}`))).toBe('/not-connected')
    for (const answer of ['allow', 'refuse'])
      expect(locationOf(await browser.form('/connect', { query: bad, answer }))).toBe('/not-connected')
  }
  expect(await querySql('select 1 from oauth_consent where user_id = $1', [ann.id])).toEqual([])
  await querySql('delete from oauth_client where client_id = $1', [client_id])
  expect(locationOf(await browser.form('/connect', { query, answer: 'allow' }))).toBe('/not-connected')
  expect((await browser.go('/not-connected')).status).toBe(200)
})

test('MCP-24 a state of any characters comes back unchanged', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { query } = await openConsentPage(browser, (await registerClient('Claude')).authorizeUrl)
  const refused = new URL(locationOf(await browser.form('/connect', { query, answer: 'refuse' })))
  expect(refused.searchParams.get('state')).toBe('a b&c')
  const next = locationOf(await browser.form('/connect', { query, answer: 'allow' }))
  const allowed = new URL(locationOf(await browser.go(next)))
  expect(allowed.searchParams.get('state')).toBe('a b&c')
  expect(allowed.origin + allowed.pathname).toBe('https://agent.example/callback')
})

test('MCP-29 two answers at once make one consent', async () => {
  const browser = openBrowser(origin)
  const ann = await signUpIn(browser)
  const { query } = await openConsentPage(browser, (await registerClient('Claude')).authorizeUrl)
  const both = [0, 1].map(() => browser.form('/connect', { query, answer: 'allow' }))
  for (const answered of await Promise.all(both)) expect(locationOf(answered)).toMatch(/oauth2\/authorize/)
  expect(await querySql('select scopes::text from oauth_consent where user_id = $1', [ann.id])).toHaveLength(
    1,
  )
})

test('MCP-20 while the database is unavailable, connecting says so', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await registerClient('Claude')
  const { path } = await openConsentPage(browser, authorizeUrl)
  worker.tap.break(() => 'reset-before')
  for (const address of [authorizeUrl, path])
    await expectProblem(await browser.go(address), 503, 'database-away')
  worker.tap.mend()
  expect(worker.logs()).not.toContain('agent.example')
})

test('OPS-28 while the database is unavailable, every step of connecting shows a page that says so', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await registerClient('Claude')
  const { path, query } = await openConsentPage(browser, authorizeUrl)
  const Accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
  worker.tap.break(() => 'reset-before')
  const answers = [
    await browser.go(authorizeUrl, { headers: { Accept } }),
    await browser.go(path, { headers: { Accept } }),
    await browser.form('/connect', { query, answer: 'allow' }, { Accept }),
  ]
  worker.tap.mend()
  for (const page of answers) {
    expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '1'])
    expect(page.headers.get('Content-Type')).toContain('text/html')
    expect(page.headers.get('Content-Security-Policy')).toBe("frame-ancestors 'none'")
    expect(page.headers.get('Cache-Control')).toMatch(/no-store/)
    expect(await page.text()).toContain('Wait a moment, then load this page')
  }
})
