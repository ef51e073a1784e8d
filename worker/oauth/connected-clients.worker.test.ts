import { expect, test } from 'vitest'
import { PASSWORD } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import {
  connectClient,
  signUpIn,
  locationOf,
  newOAuthClient,
  openBrowser,
  startMcp,
  type TestOAuthClient,
} from '../../tests/support/mcp.ts'
import { querySql } from '../../tests/support/sql.ts'

const { origin, worker } = await startMcp()

/** Signs a user up and connects a client of theirs. */
async function userWithClient(client_name = 'Claude') {
  const browser = openBrowser(origin)
  const person = await signUpIn(browser)
  const oauthClient = newOAuthClient(origin, { client_name })
  const client = await connectClient(browser, oauthClient)
  const [row] = await querySql('select id, client_id from oauth_consent where user_id = $1', [person.id])
  return {
    browser,
    person,
    oauthClient,
    client,
    consentId: row?.['id'] ?? '',
    clientId: row?.['client_id'] ?? '',
  }
}

const refreshWith = (clientId: string, token = '', more: Record<string, string> = {}) =>
  fetch(`${origin}/api/auth/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: clientId,
      ...more,
    }),
  })

const reachMcp = ({ stored }: TestOAuthClient) =>
  fetch(`${origin}/mcp`, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    headers: {
      Authorization: `Bearer ${stored.tokens?.access_token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
  })

test('MCP-27 a client whose access token is rejected gets another by itself', async () => {
  const { oauthClient } = await userWithClient()
  const before = oauthClient.stored.tokens
  if (before)
    oauthClient.stored.tokens = { ...before, access_token: `${before.access_token.slice(0, -4)}AAAA` }
  const again = oauthClient.client()
  await again.connect(oauthClient.transport())
  expect((await again.callTool({ name: 'list_tasks', arguments: {} })).isError).not.toBe(true)
  expect(oauthClient.stored.tokens?.refresh_token).toBeTruthy()
  expect(oauthClient.stored.tokens?.refresh_token).not.toBe(before?.refresh_token)
})

test('MCP-27 a replaced refresh token repeats the lost answer for half a minute, then ends all tokens of the client', async () => {
  const { oauthClient, clientId } = await userWithClient()
  const first = oauthClient.stored.tokens?.refresh_token
  const tokens = async (response: Response) =>
    (await response.json()) as { refresh_token: string; access_token: string }
  const [second, repeated] = [
    await tokens(await refreshWith(clientId, first)),
    await tokens(await refreshWith(clientId, first)),
  ]
  expect(repeated.refresh_token).toBe(second.refresh_token)
  await querySql(
    "update oauth_refresh_token set rotation_replay_expires_at = now() - interval '1 s', revoked = revoked - interval '31 s', rotated_at = rotated_at - interval '31 s' where client_id = $1 and revoked is not null",
    [clientId],
  )
  for (const token of [first, second.refresh_token]) {
    const refused = await refreshWith(clientId, token)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
  }
})

test('MCP-27 a refresh token brings nothing that was not granted, and nothing to another client', async () => {
  const [ann, bob] = [await userWithClient(), await userWithClient()]
  const token = ann.oauthClient.stored.tokens?.refresh_token
  for (const [client, more] of [
    [ann.clientId, { scope: 'tasks:read openid' }],
    [ann.clientId, { resource: 'https://other.example/mcp' }],
    [bob.clientId, {}],
  ] as const)
    expect((await refreshWith(client, token, more)).status).toBe(400)
  const less = await refreshWith(ann.clientId, token, { scope: 'tasks:read' })
  expect(await less.json()).toMatchObject({ scope: 'tasks:read' })
})

test('MCP-28 a client revokes its refresh token; an unknown one counts as revoked', async () => {
  const { oauthClient, clientId } = await userWithClient()
  const revoke = (token = '') =>
    fetch(`${origin}/api/auth/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id: clientId }),
    })
  const { access_token, refresh_token } = oauthClient.stored.tokens ?? { access_token: '' }
  expect(await (await revoke(access_token)).json()).toMatchObject({ error: 'unsupported_token_type' })
  expect((await revoke('unknown')).status).toBe(200)
  expect((await revoke(refresh_token)).status).toBe(200)
  expect((await refreshWith(clientId, refresh_token)).status).toBe(400)
})

test('MCP-40 the account page lists the connected clients of its user, as text', async () => {
  const [{ browser }, bob] = [await userWithClient('<b>Claude</b>'), await userWithClient('Cursor')]
  worker.tap.clear()
  const page = await (await browser.go('/account')).text()
  expect(worker.tap.requests).toHaveLength(1)
  for (const words of [
    '&lt;b&gt;Claude&lt;/b&gt;',
    'localhost:9999',
    'sees and changes tasks',
    'last active',
  ])
    expect(page).toContain(words)
  expect(page).not.toContain('<b>Claude')
  expect(page).not.toContain('Cursor')
  expect(await (await bob.browser.go('/account')).text()).toContain('Cursor')
  const nobody = openBrowser(origin)
  await signUpIn(nobody)
  expect(await (await nobody.go('/account')).text()).toContain('None yet. An agent has to ask')
})

test('MCP-40 while the database is unavailable, the account page says so in their place', async () => {
  const { browser } = await userWithClient()
  worker.tap.break(() => 'reset-before')
  const page = await browser.go('/account')
  worker.tap.mend()
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Your agents could not be loaded')
})

test('MCP-41 a disconnected client gets no more tokens, and has to ask the user again', async () => {
  const { browser, person, oauthClient, consentId, clientId } = await userWithClient()
  worker.tap.clear()
  const done = await browser.form(`/account/agents/${consentId}`, {})
  // One reads the session, one revokes the consent.
  expect(worker.tap.requests.map((texts) => texts.length)).toEqual([1, 1])
  expect({ status: done.status, to: locationOf(done) }).toEqual({ status: 303, to: '/account?disconnected' })
  expect(await (await browser.go('/account?disconnected')).text()).toMatch(/None yet\.[^]*Disconnected\./)
  const refused = await refreshWith(clientId, oauthClient.stored.tokens?.refresh_token)
  expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
  expect(await querySql('select 1 from oauth_refresh_token where user_id = $1', [person.id])).toEqual([])
  expect((await reachMcp(oauthClient)).status).toBe(200)
  const { exp, iat } = JSON.parse(
    Buffer.from(oauthClient.stored.tokens?.access_token.split('.')[1] ?? '', 'base64url').toString(),
  ) as { exp: number; iat: number }
  expect(exp - iat).toBe(300)
  expect((await browser.form(`/account/agents/${consentId}`, {})).status).toBe(303)
  expect(locationOf(await browser.go(oauthClient.stored.authorizeUrl ?? ''))).toMatch(/^\/connect\?/)
})

test('MCP-41 no refresh token is made at the moment of disconnecting', async () => {
  const { person, oauthClient, consentId, clientId } = await userWithClient()
  // The database refuses a refresh token without a consent, whenever that was revoked.
  await querySql('delete from oauth_consent where id = $1', [consentId])
  const made = querySql(
    "insert into oauth_refresh_token (token, client_id, user_id, scopes, created_at, expires_at) values ('t', $1, $2, '{}', now(), now())",
    [clientId, person.id],
  )
  await expect(made).rejects.toThrow(/oauth_refresh_token_consent/)
  const bob = await userWithClient()
  worker.tap.break((_, sql) =>
    sql.startsWith('insert into "oauth_refresh_token"') ? { sqlstate: '23503' } : 'pass',
  )
  const refused = await refreshWith(bob.clientId, bob.oauthClient.stored.tokens?.refresh_token)
  worker.tap.mend()
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
  expect((await refreshWith(clientId, oauthClient.stored.tokens?.refresh_token)).status).toBe(400)
})

test('MCP-42 nobody else disconnects a client, and no session that has ended', async () => {
  const { browser, person, oauthClient, consentId, clientId } = await userWithClient()
  const bob = openBrowser(origin)
  await signUpIn(bob, 'Bob')
  await bob.form(`/account/agents/${consentId}`, {})
  await expectProblem(
    await browser.form(`/account/agents/${consentId}`, {}, { Origin: 'https://evil.example' }),
    403,
    'forbidden',
  )
  await expectProblem(await browser.form('/account/agents/7', {}), 404, 'not-found')
  await querySql('delete from session where user_id = $1', [person.id])
  expect(locationOf(await browser.form(`/account/agents/${consentId}`, {}))).toMatch(/^\/login/)
  expect((await refreshWith(clientId, oauthClient.stored.tokens?.refresh_token)).status).toBe(200)
})

test('MCP-43 a deleted account takes its connected clients along', async () => {
  const { browser, person, oauthClient, clientId } = await userWithClient()
  expect((await browser.json('/api/auth/delete-user', { password: PASSWORD })).status).toBe(200)
  expect(await querySql('select 1 from oauth_consent where user_id = $1', [person.id])).toEqual([])
  expect((await refreshWith(clientId, oauthClient.stored.tokens?.refresh_token)).status).toBe(400)
})
