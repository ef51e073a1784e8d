import { request } from 'node:http'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { connectClient, signUpIn, newOAuthClient, openBrowser, startMcp } from '../../tests/support/mcp.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { SECRET } from '../../tests/support/worker.ts'
import { app } from '../app.ts'

const PAGE = 'https://page.example'
const FRONT_END = 'https://front.example'
const { origin, worker } = await startMcp({ ALLOWED_ORIGINS: PAGE, TRUSTED_ISSUERS: FRONT_END })
const ann = await signUpIn(openBrowser(origin))

const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }

/** Lists the tools, and counts statements from here. */
function listTools(headers: Record<string, string> = {}) {
  worker.tap.clear()
  return fetch(`${origin}/mcp`, { method: 'POST', body: list, headers: { ...HEADERS, ...headers } })
}
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const now = Math.floor(Date.now() / 1000)
const clientClaims = {
  sub: ann.id,
  iss: origin,
  aud: `${origin}/mcp`,
  client_id: 'c',
  scope: 'tasks:read tasks:write',
  iat: now,
  exp: now + 300,
}
const sign = (claims: Record<string, unknown>, { typ = 'at+jwt', alg = 'HS256', secret = SECRET } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg, typ }).sign(new TextEncoder().encode(secret))

test('MCP-2 a stranger is told where to get a token', async () => {
  for (const method of ['POST', 'GET', 'DELETE']) {
    worker.tap.clear()
    const response = await fetch(`${origin}/mcp`, { method, headers: HEADERS })
    expect(response.headers.get('WWW-Authenticate')).toBe(
      `Bearer realm="margin", resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="tasks:read tasks:write"`,
    )
    await expectProblem(response, 401, 'unauthenticated')
    expect(worker.tap.requests).toEqual([])
  }
})

test('MCP-3 requests under another host or from another page are refused', async () => {
  expect((await listTools(bearer(ann.token))).status).toBe(200)
  for (const from of [origin, PAGE])
    expect((await listTools({ ...bearer(ann.token), Origin: from })).status).toBe(200)
  for (const from of ['https://evil.example', 'null', `${origin}.evil.example`, 'http://localhost:1'])
    await expectProblem(await listTools({ ...bearer(ann.token), Origin: from }), 403, 'forbidden')
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...HEADERS, ...bearer(ann.token), Host: 'evil.example' }
    request(`${origin}/mcp`, { method: 'POST', headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end(list)
  })
  expect(status).toBe(403)
})

test('MCP-4 tokens of OAuth clients and of users are accepted without SQL', async () => {
  for (const token of [ann.token, await sign(clientClaims)]) {
    expect((await listTools(bearer(token))).status).toBe(200)
    expect(worker.tap.requests).toEqual([])
  }
  const theirs = { sub: ann.id, iss: FRONT_END, iat: now, exp: now + 300 }
  const meant = await sign({ ...theirs, aud: [FRONT_END, `${origin}/mcp`] }, { typ: 'JWT' })
  expect((await listTools(bearer(meant))).status).toBe(200)
})

test.for<[string, Record<string, unknown>, object?]>([
  ['has expired', { ...clientClaims, exp: now - 10 }],
  ['has no expiry', { ...clientClaims, exp: undefined }],
  ['is for the API', { ...clientClaims, aud: origin }],
  ['is for another server', { ...clientClaims, aud: 'https://other.example/mcp' }],
  ['has no audience', { ...clientClaims, aud: undefined }],
  ['is from another issuer', { ...clientClaims, iss: 'https://other.example' }],
  ['names no scope', { ...clientClaims, scope: undefined }],
  ['names no client', { ...clientClaims, client_id: undefined }],
  ['names no user', { ...clientClaims, sub: 'somebody' }],
  ['is of another type', clientClaims, { typ: 'JWT' }],
  ['is signed with another secret', clientClaims, { secret: 'another-secret-that-is-long-enough-too' }],
  ['is signed by another algorithm', clientClaims, { alg: 'HS512' }],
  [
    'is a trusted front end’s for itself',
    { sub: ann.id, iss: FRONT_END, aud: FRONT_END, exp: now + 300 },
    { typ: 'JWT' },
  ],
])('MCP-4 a token that %s is rejected', async ([, claims, options]) => {
  const response = await listTools(bearer(await sign(claims, options)))
  expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"')
  await expectProblem(response, 401, 'unauthenticated')
  expect(worker.tap.requests).toEqual([])
})

test('MCP-4 an altered token is rejected, and so is a cookie', async () => {
  const [head = '', , signature = ''] = (await sign({ ...clientClaims, scope: 'tasks:read' })).split('.')
  const payload = Buffer.from(JSON.stringify(clientClaims)).toString('base64url')
  await expectProblem(await listTools(bearer(`${head}.${payload}.${signature}`)), 401, 'unauthenticated')
  const browser = openBrowser(origin)
  await signUpIn(browser)
  await expectProblem(await browser.json('/mcp', JSON.parse(list)), 401, 'unauthenticated')
})

/** Routes of the API that need no token; Better Auth's use the cookie. */
const OPEN = /^\/api\/(openapi\.json$|health$|ready$|auth\/)/

test('MCP-5 every route of the API rejects an OAuth client’s token', async () => {
  const browser = openBrowser(origin)
  const { id } = await signUpIn(browser)
  const oauthClient = newOAuthClient(origin)
  await connectClient(browser, oauthClient)
  const { access_token: token = '' } = oauthClient.stored.tokens ?? {}
  expect((await listTools(bearer(token))).status).toBe(200)
  const routes = app.routes.filter(
    ({ method, path }) => method !== 'ALL' && path.startsWith('/api/') && !OPEN.test(path),
  )
  const kinds = routes.map(({ path }) => path.replace('/:user_id', '').split('/')[2])
  expect([...new Set(kinds)].toSorted()).toEqual([
    'account',
    'approvals',
    'chat',
    'chatkit',
    'conversations',
    'tasks',
    'tool-calls',
  ])
  for (const { method, path } of routes) {
    const response = await fetch(origin + path.replace(/:\w+/g, id), { method, headers: bearer(token) })
    await expectProblem(response, 401, 'unauthenticated')
  }
  for (const path of ['/api/auth/token', '/api/auth/get-session']) {
    const response = await fetch(origin + path, { headers: bearer(token) })
    expect(await response.text()).not.toMatch(/"token":"|"user":/)
  }
})

test('MCP-12 a tool beyond the scopes of the token says which one is missing, and does nothing', async () => {
  const browser = openBrowser(origin)
  const bob = await signUpIn(browser, 'Bob')
  const call = (token: string, name: string, args: object) => {
    const params = { name, arguments: args }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    return fetch(`${origin}/mcp`, { method: 'POST', body, headers: { ...HEADERS, ...bearer(token) } })
  }
  const reading = await sign({ ...clientClaims, sub: bob.id, scope: 'tasks:read' })
  worker.tap.clear()
  for (const [name, args] of [
    ['add_task', { title: 'x' }],
    ['complete_task', { task: 'x' }],
    ['update_task', { task: 'x', title: 'y' }],
    ['delete_task', { task: 'x' }],
  ] as const) {
    const response = await call(reading, name, args)
    expect(response.status).toBe(403)
    const challenge = response.headers.get('WWW-Authenticate') ?? ''
    for (const part of [
      'error="insufficient_scope"',
      'error_description="This needs the scope tasks:write."',
      'scope="tasks:write tasks:read"',
      `resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`,
    ])
      expect(challenge).toContain(part)
  }
  expect(worker.tap.requests).toEqual([])
  expect((await call(reading, 'list_tasks', {})).status).toBe(200)
  const writing = await sign({ ...clientClaims, sub: bob.id, scope: 'tasks:write' })
  expect((await call(writing, 'list_tasks', {})).status).toBe(403)
  expect((await call(writing, 'add_task', { title: 'x' })).status).toBe(200)
})
