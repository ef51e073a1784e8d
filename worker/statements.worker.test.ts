import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { cookiesOf, PASSWORD, postJson, signUp } from '../tests/support/people.ts'
import { costOf } from '../tests/support/statements.ts'
import { startWorker } from '../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)

/** The cookies without the signed copy of the session, so that the session itself must be read. */
const staleCookie = ann.cookie
  .split('; ')
  .filter((cookie) => !cookie.includes('session_data'))
  .join('; ')

test('TASK-57 every operation on tasks is one statement in one round trip', async () => {
  const { id, updated_at } = await ann.addTask('Milk')
  const other = await signUp(worker, 'Bob')
  const foreign = (await other.addTask('Bread')).id
  const requests: [number, string, string, unknown?, Record<string, string>?][] = [
    [200, 'GET', '/api/tasks'],
    [200, 'GET', '/api/tasks?completed=true&limit=1000'],
    [200, 'GET', '/api/tasks/changes'],
    [201, 'POST', '/api/tasks', { title: 'x' }],
    [201, 'POST', '/api/tasks', { title: 'x' }, { 'Idempotency-Key': 'k' }],
    [200, 'POST', '/api/tasks', { title: 'x' }, { 'Idempotency-Key': 'k' }],
    [409, 'POST', '/api/tasks', { title: 'x', id: foreign }],
    [200, 'GET', `/api/tasks/${id}`],
    [200, 'PUT', `/api/tasks/${id}`, { title: 'x' }, { 'If-Match': `"${updated_at}"` }],
    [412, 'PUT', `/api/tasks/${id}`, { title: 'y' }, { 'If-Match': `"${updated_at}"` }],
    [200, 'PATCH', `/api/tasks/${id}`, { description: 'x' }],
    [200, 'PATCH', `/api/tasks/${id}/complete`, { completed: true }],
    [200, 'PATCH', `/api/tasks/${id}/complete`],
    [204, 'DELETE', `/api/tasks/${id}`],
    [404, 'GET', `/api/tasks/${id}`],
    [404, 'PUT', `/api/tasks/${id}`, { title: 'x' }],
    [204, 'DELETE', `/api/tasks/${id}`],
    [200, 'POST', `/api/tasks/${id}/restore`],
    [404, 'GET', `/api/tasks/${foreign}`],
    [404, 'DELETE', `/api/tasks/${randomUUID()}`],
  ]
  for (const [status, ...call] of requests) {
    const { status: received, statements } = await costOf(worker, () => ann.call(...call))
    expect({ call, status: received, statements }).toEqual({ call, status, statements: [1] })
  }
})

test('AUTH-20 tokens and sessions take no statement while the cookie is fresh', async () => {
  for (const path of ['/api/auth/token', '/api/auth/get-session'])
    expect(await costOf(worker, () => worker.fetch(path, { headers: { Cookie: ann.cookie } }))).toMatchObject(
      {
        status: 200,
        statements: [],
      },
    )
  for (const path of ['/api/auth/token', '/api/auth/get-session'])
    expect(
      await costOf(worker, () => worker.fetch(path, { headers: { Cookie: staleCookie } })),
    ).toMatchObject({
      status: 200,
      statements: [1],
    })
})

test('AUTH-21 logging in takes at most 3 round trips, registering at most 4', async () => {
  const account = { name: 'Bob', email: `${randomUUID()}@example.com`, password: PASSWORD }
  const joined = await costOf(worker, () => worker.fetch('/api/auth/sign-up/email', postJson(account)))
  const loggedIn = await costOf(worker, () => worker.fetch('/api/auth/sign-in/email', postJson(account)))
  expect(joined).toMatchObject({ status: 200, statements: [1, 3] })
  expect(loggedIn).toMatchObject({ status: 200, statements: [1, 1] })
  const out = await costOf(worker, () =>
    worker.fetch('/api/auth/sign-out', postJson({}, { Cookie: cookiesOf(loggedIn.response) })),
  )
  expect(out.status).toBe(200)
  expect(out.statements.length).toBeLessThanOrEqual(5)
})

test('WEB-35 the tasks page takes at most one round trip, and none without a session', async () => {
  expect(
    await costOf(worker, () => worker.fetch('/tasks', { headers: { Cookie: ann.cookie } })),
  ).toMatchObject({
    status: 200,
    statements: [1],
  })
  expect(
    await costOf(worker, () => worker.fetch('/tasks', { headers: { Cookie: staleCookie } })),
  ).toMatchObject({
    status: 200,
    statements: [1],
  })
  expect(await costOf(worker, () => worker.fetch('/tasks'))).toMatchObject({ status: 302, statements: [] })
  const forged = 'better-auth.session_token=x.y; better-auth.session_data=e30'
  expect(await costOf(worker, () => worker.fetch('/tasks', { headers: { Cookie: forged } }))).toMatchObject({
    status: 302,
    statements: [],
  })
})

test('TASK-54 every response says how many round trips to the database it took', async () => {
  for (const [path, trips] of [
    ['/api/tasks', 1],
    ['/api/tasks/x', 0],
    ['/api/health', 0],
    ['/api/ready', 1],
    ['/api/nothing', 0],
  ] as const) {
    const { response, statements } = await costOf(worker, () => ann.call('GET', path))
    expect(statements).toHaveLength(trips)
    expect(response.headers.get('Server-Timing')).toMatch(
      new RegExp(`^auth;dur=\\d+, db;dur=\\d+;desc="${trips}"$`),
    )
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})
