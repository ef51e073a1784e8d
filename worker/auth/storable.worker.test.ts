import { expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../tests/support/people.ts'
import { expectNoLeak } from '../../tests/support/problem.ts'
import { ORIGIN, startWorker } from '../../tests/support/worker.ts'
import { app } from '../app.ts'

const worker = await startWorker()
const ann = await signUp(worker)
const BAD = 'a\0b'
const CALLBACK = 'http://localhost:9999/callback'
const post = (path: string, body: string, type: string, headers: Record<string, string> = {}) =>
  worker.fetch(path, {
    method: 'POST',
    body,
    headers: { 'Content-Type': type, Origin: ORIGIN, Cookie: ann.cookie, ...headers },
  })
const postJson = (path: string, body: unknown) => post(path, JSON.stringify(body), 'application/json')
const postForm = (path: string, fields: Record<string, string>, headers = {}) =>
  post(path, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded', headers)

const registered = await postJson('/api/auth/oauth2/register', {
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: 'none',
})
const { client_id: clientId } = (await registered.json()) as { client_id: string }

/** The fields of each endpoint of Better Auth, as its clients send them: a query, JSON or a form. */
const ENDPOINTS: Record<
  string,
  { query?: Record<string, string>; json?: object; form?: Record<string, string>[] }
> = {
  'POST /api/auth/sign-up/email': {
    json: { name: 'Ann', email: 'nul@example.com', password: PASSWORD, callbackURL: '/tasks' },
  },
  'POST /api/auth/sign-in/email': { json: { email: ann.email, password: PASSWORD, callbackURL: '/tasks' } },
  'POST /api/auth/sign-out': { json: { callbackURL: '/' } },
  'POST /api/auth/update-user': { json: { name: 'Ann', unknown: 'x' } },
  'POST /api/auth/change-password': { json: { currentPassword: PASSWORD, newPassword: PASSWORD } },
  'POST /api/auth/delete-user': { json: { password: 'not it', token: 'x', callbackURL: '/' } },
  'GET /api/auth/get-session': { query: { disableCookieCache: 'true', disableRefresh: 'true' } },
  'GET /api/auth/token': { query: { unknown: 'x' } },
  'GET /api/auth/oauth2/authorize': {
    query: {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: CALLBACK,
      scope: 'tasks:read',
      state: 'state',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      resource: `${ORIGIN}/mcp`,
      prompt: 'consent',
      nonce: 'x',
      login_hint: 'x',
      id_token_hint: 'x',
      request_uri: 'x',
      max_age: '1',
    },
  },
  'POST /api/auth/oauth2/register': { json: { redirect_uris: [CALLBACK] } },
  'POST /api/auth/oauth2/token': {
    form: [
      {
        grant_type: 'authorization_code',
        code: 'x',
        code_verifier: 'x'.repeat(43),
        client_id: clientId,
        client_secret: 'x',
        redirect_uri: CALLBACK,
        resource: `${ORIGIN}/mcp`,
        state: 'x',
        client_assertion: 'a.b.c',
      },
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: clientId, scope: 'tasks:read' },
    ],
  },
  'POST /api/auth/oauth2/revoke': {
    form: [{ token: 'x', token_type_hint: 'refresh_token', client_id: clientId, client_secret: 'x' }],
  },
}

const routes = [
  ...new Set(
    app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
  ),
]

/** Returns the fields once for each of them, with that one holding NUL. */
const spoil = <Fields extends object>(fields: Fields): [string, Fields][] =>
  Object.entries(fields).map(([name, value]) => [
    name,
    { ...fields, [name]: Array.isArray(value) ? [`${String(value[0])}${BAD}`] : BAD },
  ])

/** The refusal in the shape of the endpoint. */
const refusalOf = (route: string, field: string) => {
  if (route.endsWith('/authorize'))
    return { status: 302, location: `${ORIGIN}/not-connected?error=invalid_request`, text: '' }
  const start = route.includes('/oauth2/')
    ? '{"error":"invalid_request",'
    : `{"code":"INVALID_${field === 'name' ? 'NAME' : 'CHARACTER'}",`
  return { status: 400, location: null, text: expect.stringContaining(start) }
}

test('AUTH-101 every endpoint of Better Auth is in the table', () => {
  expect(Object.keys(ENDPOINTS).toSorted()).toEqual(
    routes.filter((route) => route.includes(' /api/auth/')).toSorted(),
  )
})

test.each(Object.keys(ENDPOINTS))(
  'AUTH-101 %s refuses NUL in each of its fields, in its own shape of error and without SQL',
  async (route) => {
    const { query, json, form = [] } = ENDPOINTS[route] ?? {}
    const path = route.slice(route.indexOf(' ') + 1)
    const refused = async (field: string, ask: () => Promise<Response>) => {
      // Registrations are counted before they are looked at, and whose name it is comes before the name.
      const counted = path.endsWith('/register') || (path.endsWith('/update-user') && field === 'name')
      worker.tap.clear()
      const response = await ask()
      const location = response.headers.get('Location')
      const answer = { status: response.status, location, text: await response.text() }
      expect({ field, ...answer }).toEqual({ field, ...refusalOf(route, field) })
      expect(worker.tap.requests).toHaveLength(counted ? 1 : 0)
    }
    for (const [field, fields] of spoil(query ?? {})) {
      const search = new URLSearchParams(fields).toString()
      await refused(field, () => worker.fetch(`${path}?${search}`, { headers: { Cookie: ann.cookie } }))
    }
    for (const [field, fields] of spoil(json ?? {})) await refused(field, () => postJson(path, fields))
    for (const one of form) {
      for (const [field, fields] of spoil(one)) await refused(field, () => postForm(path, fields))
      const { client_id: _, ...rest } = one
      for (const name of [BAD, 'a%00b']) {
        const headers = { Authorization: `Basic ${btoa(`${name}:secret`)}` }
        await refused('Authorization', () => postForm(path, rest, headers))
      }
    }
  },
)

test.each([
  ['/api/auth/get-session', 200, null],
  ['/api/auth/token', 401, null],
  ['/tasks', 302, '/login?next=%2Ftasks'],
  ['/account', 302, '/login?next=%2Faccount'],
  ['/chat', 302, '/login?next=%2Fchat'],
  ['/connect', 302, '/login?next=%2Fconnect'],
])('AUTH-101 %s treats a cookie with NUL as no session, without SQL', async (path, status, location) => {
  const [token = ''] = ann.cookie.split('; ').filter((cookie) => cookie.includes('session_token'))
  for (const cookie of [`${token}%00`, token.replace('=', '=%00'), 'better-auth.session_data=%00']) {
    worker.tap.clear()
    const response = await worker.fetch(path, { headers: { Cookie: cookie } })
    expect([response.status, response.headers.get('Location')]).toEqual([status, location])
    expect(await response.text()).not.toContain(ann.id)
    expect(worker.tap.requests).toEqual([])
  }
})

test('AUTH-101 the consent page and its form redirect a query with NUL to a page of ours', async () => {
  for (const query of ['client_id=a%00b', `client_id=${clientId}&redirect_uri=a%00b`, `client_id=a\0b`]) {
    const page = await worker.fetch(`/connect?${query.replace('\0', '%00')}`, {
      headers: { Cookie: ann.cookie },
    })
    expect([page.status, page.headers.get('Location')]).toEqual([302, '/not-connected'])
    const answered = await postForm('/connect', { query, answer: 'allow' })
    expect([answered.status, answered.headers.get('Location')]).toEqual([303, '/not-connected'])
  }
})

test.each(routes.filter((route) => !(route in ENDPOINTS)))(
  'AUTH-101 NUL in the address of %s is not answered by 500',
  async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const headers = { Authorization: `Bearer ${ann.token}`, Cookie: ann.cookie, Origin: ORIGIN }
    for (const address of [path.replaceAll(/:\w+|\*/g, 'a%00b'), `${path}?query=%00`]) {
      const response = await worker.fetch(address, { method, headers })
      const answer = await response.text()
      expect(`${address} ${response.status} ${answer}`).not.toMatch(/^\S+ 5/)
      expectNoLeak(response.ok ? '' : answer)
    }
  },
)
