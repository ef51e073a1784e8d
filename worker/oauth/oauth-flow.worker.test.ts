import { expect, test } from 'vitest'
import { PASSWORD } from '../../tests/support/people.ts'
import {
  answerConsent,
  CALLBACK,
  connectClient,
  signUpIn,
  locationOf,
  newOAuthClient,
  openBrowser,
  startMcp,
} from '../../tests/support/mcp.ts'
import { querySql } from '../../tests/support/sql.ts'

const { origin, worker } = await startMcp()

/** Starts a client, up to its authorization request. */
async function startClient(options?: Parameters<typeof newOAuthClient>[1]) {
  const oauthClient = newOAuthClient(origin, options)
  const transport = oauthClient.transport()
  await expect(oauthClient.client().connect(transport)).rejects.toThrow(/unauthorized/i)
  const { authorizeUrl } = oauthClient.stored
  if (!authorizeUrl) throw new Error('the client was not told where to ask')
  return { oauthClient, transport, authorizeUrl }
}

const post = (path: string, fields: Record<string, string>) =>
  fetch(origin + path, { method: 'POST', body: new URLSearchParams(fields) })

const clientOf = (url: URL) => url.searchParams.get('client_id') ?? ''

test('MCP-20 a client that knows only the address connects and works', async () => {
  const browser = openBrowser(origin)
  const ann = await signUpIn(browser)
  const oauthClient = newOAuthClient(origin)
  const client = await connectClient(browser, oauthClient)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toContain('add_task')
  await client.callTool({ name: 'add_task', arguments: { title: 'Buy milk' } })
  expect(await querySql('select title from tasks where user_id = $1', [ann.id])).toEqual([
    { title: 'Buy milk' },
  ])
  expect(oauthClient.stored.authorizeUrl?.searchParams.get('resource')).toBe(`${origin}/mcp`)
  expect(oauthClient.stored.tokens).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
})

/** The answer of each endpoint in the metadata to a request without parameters: a refusal of its own. */
const ANSWERS: Record<string, object> = {
  authorization_endpoint: {
    status: 302,
    location: `${origin}/not-connected?error=invalid_request&error_description=client_id+is+required`,
    body: '',
  },
  token_endpoint: { status: 400, location: null, body: expect.stringContaining('"error":"invalid_request"') },
  registration_endpoint: {
    status: 415,
    location: null,
    body: expect.stringContaining('"code":"unsupported-media-type"'),
  },
  // No token is an unknown token, and that counts as revoked.
  revocation_endpoint: { status: 200, location: null, body: '{}' },
}

test('MCP-21 the metadata are at the root, for every origin, and each endpoint in them answers', async () => {
  const read = async (path: string) => {
    const response = await fetch(origin + path)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    return (await response.json()) as Record<string, string | string[]>
  }
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])
    expect(await read(path)).toMatchObject({
      resource: `${origin}/mcp`,
      authorization_servers: [origin],
      scopes_supported: ['tasks:read', 'tasks:write'],
    })
  const server = await read('/.well-known/oauth-authorization-server')
  expect(server).toMatchObject({ issuer: origin, code_challenge_methods_supported: ['S256'] })
  const endpoints = Object.entries(server).filter(([name]) => name.endsWith('_endpoint'))
  expect(endpoints.map(([name]) => name).toSorted()).toEqual(Object.keys(ANSWERS).toSorted())
  for (const [name, address] of endpoints) {
    const method = name === 'authorization_endpoint' ? 'GET' : 'POST'
    const body = method === 'POST' ? new URLSearchParams() : null
    const answer = await fetch(String(address), { method, body, redirect: 'manual' })
    const location = answer.headers.get('Location')
    expect({ name, status: answer.status, location, body: await answer.text() }).toEqual({
      name,
      ...ANSWERS[name],
    })
  }
  for (const gone of ['introspect', 'userinfo', 'consent', 'create-client', 'end-session', 'get-consents'])
    expect((await post(`/api/auth/oauth2/${gone}`, {})).status).toBe(404)
  expect((await fetch(`${origin}/api/auth/jwks`)).status).toBe(404)
})

test('MCP-22 a user who is not logged in comes back to the consent page after logging in or signing up', async () => {
  const browser = openBrowser(origin)
  const { oauthClient, transport, authorizeUrl } = await startClient()
  const login = new URL(locationOf(await browser.go(authorizeUrl)), origin)
  expect(login.pathname).toBe('/login')
  const next = new URL(login.searchParams.get('next') ?? '', origin)
  for (const [name, value] of authorizeUrl.searchParams) expect(next.searchParams.get(name)).toBe(value)
  await signUpIn(browser)
  await transport.finishAuth((await answerConsent(browser, next, 'allow')).searchParams)
  const client = oauthClient.client()
  await client.connect(oauthClient.transport())
  expect((await client.listTools()).tools).not.toEqual([])
})

test('MCP-22 a user who has to log in again does so once', async () => {
  const browser = openBrowser(origin)
  const { email } = await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  authorizeUrl.searchParams.set('prompt', 'login consent')
  authorizeUrl.searchParams.set('max_age', '0')
  const login = new URL(locationOf(await browser.go(authorizeUrl)), origin)
  expect(login.pathname).toBe('/login')
  await browser.json('/api/auth/sign-in/email', { email, password: PASSWORD })
  const next = new URL(login.searchParams.get('next') ?? '', origin)
  expect((await answerConsent(browser, next, 'allow')).searchParams.get('code')).toBeTruthy()
})

test('MCP-24 a refused client is told so with its state, and nothing is stored', async () => {
  const browser = openBrowser(origin)
  const ann = await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  const back = await answerConsent(browser, authorizeUrl, 'refuse')
  expect(back.href.startsWith(`${CALLBACK}?`)).toBe(true)
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'the-state',
    iss: origin,
  })
  expect(back.searchParams.has('code')).toBe(false)
  expect(await querySql('select 1 from oauth_consent where user_id = $1', [ann.id])).toEqual([])
})

test('MCP-20 the answer carries state and issuer', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  const { searchParams } = await answerConsent(browser, authorizeUrl, 'allow')
  expect(Object.fromEntries(searchParams)).toMatchObject({ state: 'the-state', iss: origin })
})

test('MCP-25 an unknown client, or an address that it has not registered, leads to a page of ours', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  for (const [name, value] of [
    ['client_id', 'nobody'],
    ['redirect_uri', 'https://evil.example/callback'],
    ['redirect_uri', `${CALLBACK}/../evil`],
    ['redirect_uri', 'http://127.0.0.1:9999/callback'],
    ['redirect_uri', 'javascript:alert(1)'],
  ] as const) {
    const changed = new URL(authorizeUrl)
    changed.searchParams.set(name, value)
    expect(locationOf(await browser.go(changed))).toMatch(
      new RegExp(`^${origin}/not-connected\\?error=invalid`),
    )
  }
})

test('MCP-26 without PKCE by S256 there is no code', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  for (const change of [
    { code_challenge: '' },
    { code_challenge_method: '' },
    { code_challenge_method: 'plain' },
  ]) {
    const changed = new URL(authorizeUrl)
    for (const [name, value] of Object.entries(change))
      if (value === '') changed.searchParams.delete(name)
      else changed.searchParams.set(name, value)
    const back = new URL(locationOf(await browser.go(changed)))
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'invalid_request',
      state: 'the-state',
    })
  }
})

test('MCP-26 a code is good once, for the client that asked, and with the verifier', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const codeFor = async () => {
    const { oauthClient, authorizeUrl } = await startClient()
    const back = await answerConsent(browser, authorizeUrl, 'allow')
    return {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      code_verifier: oauthClient.stored.verifier ?? '',
      client_id: clientOf(authorizeUrl),
      redirect_uri: CALLBACK,
    }
  }
  const other = await codeFor()
  for (const change of [
    { code_verifier: 'x'.repeat(43) },
    { code_verifier: '' },
    { client_id: other.client_id },
    { redirect_uri: 'http://localhost:9999/other' },
    { resource: `${origin}/api` },
  ])
    expect((await post('/api/auth/oauth2/token', { ...(await codeFor()), ...change })).ok).toBe(false)
  const mine = await codeFor()
  expect((await post('/api/auth/oauth2/token', mine)).status).toBe(200)
  const again = await post('/api/auth/oauth2/token', mine)
  expect(again.status).toBe(400)
  expect(await again.json()).toMatchObject({ error: 'invalid_grant' })
})

test('MCP-29 a consent is not asked for again, unless for more scopes', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { authorizeUrl } = await startClient()
  const url = new URL(authorizeUrl)
  url.searchParams.delete('prompt')
  url.searchParams.set('scope', 'tasks:read')
  await answerConsent(browser, url, 'allow')
  expect(locationOf(await browser.go(url))).toMatch(/^http:\/\/localhost:9999\/callback\?code=/)
  url.searchParams.set('scope', 'tasks:read tasks:write')
  expect(locationOf(await browser.go(url))).toMatch(/^\/connect\?/)
  await answerConsent(browser, url, 'allow')
  url.searchParams.set('scope', 'tasks:read')
  url.searchParams.set('prompt', 'consent')
  await answerConsent(browser, url, 'allow')
  url.searchParams.delete('prompt')
  url.searchParams.set('scope', 'tasks:write')
  expect(locationOf(await browser.go(url))).toMatch(/^http:\/\/localhost:9999\/callback\?code=/)
})

test('MCP-20 a client that names no resource gets a token for /mcp', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const { oauthClient, authorizeUrl } = await startClient()
  authorizeUrl.searchParams.delete('resource')
  const code = (await answerConsent(browser, authorizeUrl, 'allow')).searchParams.get('code') ?? ''
  const answered = await post('/api/auth/oauth2/token', {
    grant_type: 'authorization_code',
    code,
    code_verifier: oauthClient.stored.verifier ?? '',
    client_id: clientOf(authorizeUrl),
    redirect_uri: CALLBACK,
  })
  const { access_token: token } = (await answered.json()) as { access_token: string }
  expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    aud: `${origin}/mcp`,
    iss: origin,
  })
  expect(worker.logs()).not.toContain('"level":"error"')
})
