import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { callerWith, postJson, signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { sendHead } from '../../tests/support/send-head.ts'
import { ORIGIN, SECRET, startWorker } from '../../tests/support/worker.ts'
import { app } from '../app.ts'
import { BODY_MAX_BYTES } from '../contract/limits.ts'
import type { Task } from '../contract/task.ts'

const PREVIOUS = 'the-secret-that-was-there-before-it-x'
const FRONT_END = 'https://front.example'
const worker = await startWorker({ BETTER_AUTH_SECRET_PREVIOUS: PREVIOUS, TRUSTED_ISSUERS: FRONT_END })
const ann = await signUp(worker)

/** Every route of the app under /api/tasks, so that a new one cannot be forgotten. */
const taskRoutes = [
  ...new Set(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/tasks'))
      .map(({ method, path }) => `${method} ${path}`),
  ),
].map((route) => route.split(' ') as [string, string])

const bodies: Record<string, unknown> = {
  POST: { title: 'Stolen' },
  PUT: { title: 'Stolen' },
  PATCH: { title: 'Stolen', completed: true },
}
function bodyOf(method: string, path: string, task: Task): unknown {
  if (path.endsWith('import'))
    return { tasks: [{ ...task, title: 'Stolen', updated_at: '2099-01-01T00:00:00.000Z' }] }
  return path.endsWith('restore') ? undefined : bodies[method]
}

const sign = (sub: string, issuer: string, secret: string) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(issuer)
    .setExpirationTime('15m')
    .sign(new TextEncoder().encode(secret))

const ANNOUNCED = { 'Content-Length': String(70 * 1024) }
const CHUNKED = { 'Transfer-Encoding': 'chunked' }

test('AUTH-17 the walk covers every route', () => {
  expect(taskRoutes.map((route) => route.join(' '))).toEqual([
    'GET /api/tasks',
    'GET /api/tasks/changes',
    'GET /api/tasks/export',
    'POST /api/tasks/import',
    'POST /api/tasks',
    'GET /api/tasks/:id',
    'PUT /api/tasks/:id',
    'PATCH /api/tasks/:id',
    'PATCH /api/tasks/:id/complete',
    'DELETE /api/tasks/:id',
    'POST /api/tasks/:id/restore',
  ])
})

test.each(taskRoutes)(
  'AUTH-17 %s %s refuses strangers before it checks anything else',
  async (method, path) => {
    const ann = await signUp(worker)
    const { id } = await ann.addTask('Milk')
    worker.tap.clear()
    for (const address of [path.replace(':id', id), path.replace(':id', 'no-id')])
      for (const [Authorization, challenge] of [
        [undefined, 'Bearer realm="margin"'],
        ['', 'Bearer realm="margin"'],
        ['Bearer', 'Bearer realm="margin", error="invalid_token"'],
        ['Bearer rubbish', 'Bearer realm="margin", error="invalid_token"'],
        [`Bearer ${ann.token}, Bearer ${ann.token}`, 'Bearer realm="margin", error="invalid_token"'],
        [`Basic ${ann.token}`, 'Bearer realm="margin", error="invalid_token"'],
        [
          `Bearer ${await sign(ann.id, ORIGIN, 'another-secret-that-is-long-enough!!')}`,
          'Bearer realm="margin", error="invalid_token"',
        ],
      ] as const) {
        const headers: Record<string, string> = {
          Cookie: ann.cookie,
          ...(Authorization !== undefined && { Authorization }),
        }
        const broken = method === 'GET' ? {} : { body: '{"broken' }
        for (const response of [
          await worker.fetch(address, { method, headers, ...broken }),
          await sendHead(new URL(address, worker.url), method, { ...headers, ...ANNOUNCED }),
          await sendHead(new URL(address, worker.url), method, { ...headers, ...CHUNKED }),
        ]) {
          await expectProblem(response, 401, 'unauthenticated')
          expect(response.headers.get('WWW-Authenticate')).toBe(challenge)
        }
      }
    expect(worker.tap.requests).toEqual([])
  },
)

test.each(taskRoutes)("AUTH-17 %s %s treats another user's task as missing", async (method, path) => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const task = await ann.addTask('Secret of Ann')
  const response = await bob.call(method, path.replace(':id', task.id), bodyOf(method, path, task))
  expect(await response.clone().text()).not.toContain('Secret')
  if (path.includes(':id')) await expectProblem(response, 404, 'not-found')
  expect(await (await ann.call('GET', `/api/tasks/${task.id}`)).json()).toEqual(task)
})

/** The routes of the API that are open to strangers. */
const PUBLIC = [
  'POST /api/auth/sign-up/email',
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/auth/get-session',
  'GET /api/auth/oauth2/authorize',
  'POST /api/auth/oauth2/register',
  'POST /api/auth/oauth2/token',
  'POST /api/auth/oauth2/revoke',
  'GET /api/openapi.json',
  'GET /api/health',
  'GET /api/ready',
]
const allRoutes = [
  ...new Set(
    app.routes.filter(({ path }) => path.startsWith('/api/')).map(({ method, path }) => `${method} ${path}`),
  ),
]

test('AUTH-18 every open route exists', () => {
  expect(allRoutes).toEqual(expect.arrayContaining(PUBLIC))
})

// At once, because the Worker waits a second for a body that never comes.
test.concurrent.each(allRoutes.filter((route) => !PUBLIC.includes(route)))(
  'AUTH-18 %s refuses strangers, and large bodies from everybody',
  async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const address = path.replaceAll(/:\w+|\*/g, ann.id)
    const isCookies = path.startsWith('/api/auth/')
    // Middleware for every method may have no handler behind it.
    const refusals = method === 'ALL' ? [401, 404, 405] : [401]
    // Better Auth parses the body before it checks the session.
    const asked = { name: 'Ann', password: 'x', currentPassword: 'x', newPassword: 'correct horse' }
    const stranger = await worker.fetch(
      address,
      method === 'GET' ? {} : { ...postJson(asked), method: method === 'ALL' ? 'POST' : method },
    )
    expect(refusals).toContain(stranger.status)
    if (isCookies || method === 'GET' || method === 'ALL') return
    const headers = { Authorization: `Bearer ${ann.token}`, 'Content-Type': 'application/json' }
    const announced = await sendHead(new URL(address, worker.url), method, { ...headers, ...ANNOUNCED })
    await expectProblem(announced, 413, 'too-large')
    const body = new Blob(['x'.repeat(BODY_MAX_BYTES + 1)]).stream()
    const chunked = await worker.fetch(address, { method, headers, body, duplex: 'half' } as RequestInit)
    await expectProblem(chunked, 413, 'too-large')
  },
)

test('AUTH-13 each refusal says what to do', async () => {
  const expired = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('0199a1b2-3c4d-7e8f-9012-3456789abcde')
    .setIssuer(ORIGIN)
    .setAudience(ORIGIN)
    .setExpirationTime('-1m')
    .sign(new TextEncoder().encode(SECRET))
  const detailFor = async (headers: Record<string, string>) =>
    (await expectProblem(await worker.fetch('/api/tasks', { headers }), 401, 'unauthenticated')).detail
  expect(await detailFor({})).toBe('Send a token: `Authorization: Bearer <token>`, from GET /api/auth/token.')
  expect(await detailFor({ Authorization: `Bearer ${expired}` })).toBe(
    'This token has expired. Get a new one from GET /api/auth/token.',
  )
  expect(await detailFor({ Authorization: 'Bearer x' })).toBe('This token is not valid here.')
})

test('AUTH-14 a user id beside the token changes nothing', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  await ann.addTask('Secret of Ann')
  const made = await bob.call(
    'POST',
    `/api/tasks?user_id=${ann.id}`,
    { title: 'Mine', user_id: ann.id, userId: ann.id },
    { 'X-User-Id': ann.id },
  )
  expect(await made.json()).toMatchObject({ user_id: bob.id })
  const list = await bob.call('GET', `/api/tasks?user_id=${ann.id}&userId=${ann.id}`)
  expect(await list.text()).not.toContain('Secret')
})

test('AUTH-16 the previous secret and a trusted front end are accepted', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Milk')
  for (const token of [await sign(ann.id, ORIGIN, PREVIOUS), await sign(ann.id, FRONT_END, SECRET)])
    expect((await callerWith(worker, token).tasks()).tasks).toHaveLength(1)
  const other = await sign(ann.id, 'https://other.example', SECRET)
  await expectProblem(await callerWith(worker, other).call('GET', '/api/tasks'), 401, 'unauthenticated')
})

test("AUTH-12 the session's cookies are not accepted as tokens", async () => {
  const ann = await signUp(worker)
  for (const cookie of ann.cookie.split('; ')) {
    const value = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1))
    const response = await worker.fetch('/api/tasks', { headers: { Authorization: `Bearer ${value}` } })
    await expectProblem(response, 401, 'unauthenticated')
  }
})
