import { expect, test } from 'vitest'
import { newAddress } from '../../tests/support/mcp.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()

const register = (body: unknown, from = newAddress(), headers: Record<string, string> = {}) =>
  worker.fetch('/api/auth/oauth2/register', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': from, ...headers },
  })
const callback = 'http://localhost:8787/callback'

test('MCP-30 a client gets what this server supports, whatever it asks for', async () => {
  const asked = {
    client_name: `A${'b'.repeat(99)}\u0007`,
    redirect_uris: [callback, 'https://agent.example/callback'],
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    scope: 'openid email',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://169.254.169.254/keys',
    logo_uri: 'https://agent.example/logo.png',
    skip_consent: true,
    user_id: '0199a1b2-3c4d-7e8f-9012-3456789abcde',
  }
  const response = await register(asked)
  expect(response.status).toBe(201)
  const got = (await response.json()) as { client_id: string; client_secret?: string }
  expect(got).toMatchObject({
    client_name: `A${'b'.repeat(59)}`,
    redirect_uris: asked.redirect_uris,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    scope: 'tasks:read tasks:write offline_access',
  })
  expect(got.client_secret).toBeUndefined()
  const [row] = await querySql(
    'select jwks_uri, icon, skip_consent::text, user_id::text, application_type from oauth_client where client_id = $1',
    [got.client_id],
  )
  expect(row).toEqual({
    jwks_uri: null,
    icon: null,
    skip_consent: null,
    user_id: null,
    application_type: 'native',
  })
})

test('MCP-30 a confidential client gets a secret, which is stored as a hash', async () => {
  const got = (await (
    await register({ redirect_uris: ['https://agent.example/callback'], client_name: 'Web' })
  ).json()) as { client_id: string; client_secret: string }
  expect(got.client_secret).toMatch(/^\w{32}$/)
  const [row] = await querySql(
    'select client_secret, application_type from oauth_client where client_id = $1',
    [got.client_id],
  )
  expect(row).toMatchObject({ application_type: 'web' })
  expect(row?.['client_secret']).not.toBe(got.client_secret)
})

test.for([
  [{}],
  [[]],
  ['text'],
  [{ redirect_uris: [] }],
  [{ redirect_uris: 'https://agent.example/' }],
  [{ redirect_uris: ['http://agent.example/callback'] }],
  [{ redirect_uris: ['javascript:alert(1)'] }],
  [{ redirect_uris: ['data:text/html,x'] }],
  [{ redirect_uris: ['https://agent.example/#part'] }],
  [{ redirect_uris: ['https://a:b@agent.example/'] }],
  [{ redirect_uris: [7] }],
])('MCP-30 a client without a valid redirect URI is refused: %j', async ([body]) => {
  const response = await register(body)
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(/"error":"invalid_|VALIDATION_ERROR/)
})

test('MCP-31 a network registers 20 clients an hour, however many at once, and others go on', async () => {
  const from = newAddress()
  const all = await Promise.all(
    Array.from({ length: 23 }, () => register({ redirect_uris: [callback] }, from)),
  )
  const statuses = all.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(20)
  const [late] = all.filter(({ status }) => status === 429)
  if (!late) throw new Error('none was refused')
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(3_500)
  expect(Number(late.headers.get('Retry-After'))).toBeLessThanOrEqual(3_600)
  await expectProblem(late, 429, 'too-many-requests')
  expect((await register({ redirect_uris: [callback] })).status).toBe(201)
  const kept = await querySql('select address from oauth_registrations')
  expect(kept.map(({ address }) => address)).not.toContain(from)
  await querySql("update oauth_registrations set since = since - interval '1 hour'")
  expect((await register({ redirect_uris: [callback] }, from)).status).toBe(201)
})

test('MCP-31 addresses of one IPv6 network count together', async () => {
  const network = `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}:1`
  const from = (host: number) => `${network}::${host.toString(16)}`
  const all = await Promise.all(
    Array.from({ length: 21 }, (_, host) => register({ redirect_uris: [callback] }, from(host))),
  )
  expect(all.filter(({ status }) => status === 429)).toHaveLength(1)
})

test('MCP-32 every night deletes what nobody uses, and nothing else', async () => {
  const made = async (days: number, used: boolean) => {
    const { client_id } = (await (await register({ redirect_uris: [callback] })).json()) as {
      client_id: string
    }
    await querySql(
      `update oauth_client set updated_at = now() - make_interval(days => ${days}) where client_id = $1`,
      [client_id],
    )
    if (!used) return client_id
    const [person] = await querySql(`insert into "user" (name, email) values ('Ann', $1) returning id`, [
      `${client_id}@example.com`,
    ])
    await querySql('insert into oauth_consent (client_id, user_id, scopes) values ($1, $2, array[$3])', [
      client_id,
      person?.['id'],
      'tasks:read',
    ])
    for (const [token, expires, revoked] of [
      ['live', '1 day', null],
      ['over', '-1 second', null],
      ['replaced', '1 day', '-1 hour'],
      ['long-replaced', '1 day', '-25 hours'],
    ])
      await querySql(
        `insert into oauth_refresh_token (token, client_id, user_id, scopes, created_at, expires_at, revoked)
         values ($1, $2, $3, array['tasks:read'], now(), now() + $4::interval, now() + $5::interval)`,
        [`${client_id}-${token}`, client_id, person?.['id'], expires, revoked],
      )
    return client_id
  }
  const [old, recent, used] = [await made(8, false), await made(6, false), await made(8, true)]
  await querySql(
    `insert into verification (identifier, value, expires_at) values ($1, 'x', now() - interval '1 s')`,
    [old],
  )
  await worker.runCron()
  const left = await querySql('select client_id from oauth_client where client_id in ($1, $2, $3)', [
    old,
    recent,
    used,
  ])
  expect(left.map(({ client_id }) => client_id).toSorted()).toEqual([recent, used].toSorted())
  const tokens = await querySql('select token from oauth_refresh_token where client_id = $1 order by token', [
    used,
  ])
  expect(tokens.map(({ token }) => token)).toEqual([`${used}-live`, `${used}-replaced`])
  expect(await querySql('select 1 from verification where identifier = $1', [old])).toEqual([])
})
