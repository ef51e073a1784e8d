import { expect, test } from 'vitest'
import { assertDescribed } from '../tests/support/contract.ts'
import { PASSWORD, postJson, signUp } from '../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../tests/support/problem.ts'
import { ORIGIN, startWorker } from '../tests/support/worker.ts'
import { app } from './app.ts'

const ALLOWED = 'https://app.example.com'
const worker = await startWorker({ ALLOWED_ORIGINS: `${ALLOWED}, http://localhost:4321` })
const ann = await signUp(worker)

test.each([
  ['DELETE', '/api/tasks', 'GET, HEAD, POST'],
  ['POST', '/api/tasks/0199a1b2-3c4d-7e8f-9012-3456789abcde', 'GET, HEAD, PUT, PATCH, DELETE'],
  ['GET', '/api/tasks/0199a1b2-3c4d-7e8f-9012-3456789abcde/complete', 'PATCH'],
  ['POST', '/api/health', 'GET, HEAD'],
  ['PUT', '/api/auth/sign-out', 'POST'],
])('TASK-51 %s %s is 405 with the allowed methods', async (method, path, allow) => {
  const response = await ann.call(method, path)
  await expectProblem(response, 405, 'method-not-allowed')
  expect(response.headers.get('Allow')).toBe(allow)
})

test.each([
  '/api/',
  '/api/nothing',
  '/api/tasks/x/y/z',
  '/api/tasks/',
  '/api/%00',
  '/api/..%2ftasks',
  '/api/TASKS',
])('TASK-51 %s is 404', async (path) => {
  await expectProblem(await ann.call('GET', path), 404, 'not-found')
})

test('TASK-51 HEAD responds like GET, without a body', async () => {
  const response = await ann.call('HEAD', '/api/tasks')
  expect([response.status, await response.text()]).toEqual([200, ''])
})

test('TASK-53 a page of an allowed origin may read responses, failures included', async () => {
  const headers = { Origin: ALLOWED }
  for (const [path, status] of [
    ['/api/tasks', 401],
    ['/api/health', 200],
    ['/api/nothing', 404],
  ] as const) {
    const response = await worker.fetch(path, { headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ALLOWED)
    expect(response.headers.get('Vary')).toContain('Origin')
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('ETag')
  }
  const preflight = await worker.fetch('/api/tasks', {
    method: 'OPTIONS',
    headers: {
      ...headers,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,content-type,if-match',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('PATCH')
  expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('If-Match')
})

test.each([
  'https://app.example.com.evil.com',
  'https://evil-app.example.com',
  'http://app.example.com',
  'null',
  `${ALLOWED}:444`,
])('TASK-53 a page of %s may not', async (origin) => {
  const response = await worker.fetch('/api/tasks', { headers: { Origin: origin } })
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
  expect(response.headers.get('Vary')).toContain('Origin')
})

test('TASK-50 a problem has the request id that the client sent', async () => {
  const response = await worker.fetch('/api/tasks', { headers: { 'X-Request-Id': 'call-7' } })
  expect((await expectProblem(response, 401, 'unauthenticated')).request_id).toBe('call-7')
})

test('TASK-50 a failed statement reveals no internals, in the response or in the log', async () => {
  const task = await ann.addTask('Milk')
  const path = `/api/tasks/${task.id}`
  const title = 'secret words'
  const account = { name: title, email: 'secret-words@example.com', password: PASSWORD }
  worker.tap.break(() => ({ sqlstate: '42P01' }))
  const responses = [
    await ann.call('GET', '/api/tasks'),
    await ann.call('GET', path),
    await ann.call('GET', '/api/tasks/export'),
    await ann.call('POST', '/api/tasks', { title }),
    await ann.call('POST', '/api/tasks/import', { tasks: [{ ...task, title }] }),
    await ann.call('PUT', path, { title }),
    await ann.call('PATCH', `${path}/complete`),
    await ann.call('DELETE', path),
    await ann.call('GET', '/api/account/sessions'),
    await ann.call('DELETE', '/api/account/sessions'),
    await ann.call('GET', `/api/${ann.id}/conversations`),
    await ann.call('DELETE', `/api/${ann.id}/conversations/${task.id}`),
    await worker.fetch('/api/auth/sign-up/email', postJson(account)),
    await worker.fetch('/api/auth/sign-in/email', postJson(account)),
    await worker.fetch('/tasks', { headers: { Cookie: ann.cookie } }),
  ]
  worker.tap.mend()
  for (const response of responses) await expectProblem(response, 500, 'internal')
  expect(worker.logs().match(/42P01/g)).toHaveLength(responses.length)
  expectNoLeak(worker.logs())
})

test('TASK-56 openapi.json describes every route, and nothing else', async () => {
  const response = await worker.fetch('/api/openapi.json')
  const document = (await response.json()) as {
    openapi: string
    servers: object[]
    paths: Record<string, object>
  }
  expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: ORIGIN }] })
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const routed = app.routes
    // The OAuth endpoints are described at /.well-known (MCP-21).
    .filter(({ method, path }) => method !== 'ALL' && /^\/api\/(?!auth\/oauth2\/)/.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(described.toSorted()).toEqual([...new Set(routed)].toSorted())
})

test('TASK-56 each response is checked against openapi.json: status, type, fields and headers', async () => {
  const check = (path: string, status: number, body: string, headers = {}) => {
    const type = { 'Content-Type': 'application/json', ...headers }
    assertDescribed({ method: 'GET', path }, new Response(body, { status, headers: type }), body)
  }
  const path = '/api/health'
  check(path, 200, '{"status":"ok"}')
  expect(() => check(path, 200, '{"status":"no"}')).toThrow('another body')
  expect(() => check(path, 200, '{"status":"ok","more":1}')).toThrow('fewer fields')
  expect(() => check(path, 200, '<p>ok</p>', { 'Content-Type': 'text/html' })).toThrow('no body of text/html')
  expect(() => check(path, 200, '{"status":"ok"}', { Link: '</>' })).toThrow('the header Link')
  expect(() => check('/api/tasks/x', 200, '{}')).toThrow('the header ETag')
  expect(() => check(path, 503, '{}')).toThrow('no such answer')

  const key = { 'Idempotency-Key': 'gone' }
  const made = await ann.call('POST', '/api/tasks', { title: 'Gone' }, key)
  await ann.call('DELETE', made.headers.get('Location') ?? '')
  const again = await ann.call('POST', '/api/tasks', { title: 'Gone' }, key)
  expect(await again.json()).toMatchObject({ title: 'Gone', deleted_at: expect.stringContaining('Z') })
})

test('TASK-56 openapi.json states the limits of requests', async () => {
  const text = await (await worker.fetch('/api/openapi.json')).text()
  expect(text).toContain('"maxLength":200')
  expect(text).toContain('"maxLength":10000')
  const { components } = JSON.parse(text) as {
    components: { schemas: Record<string, { required?: string[] }> }
  }
  expect(components.schemas['NewTask']?.required).toEqual(['title'])
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(['Task', 'TaskPage', 'TaskChanges', 'Problem']),
  )
})

test('TASK-58 health does not use the database, readiness does', async () => {
  worker.tap.clear()
  expect(await (await worker.fetch('/api/health')).json()).toEqual({ status: 'ok' })
  expect(worker.tap.requests).toEqual([])
  expect(await (await worker.fetch('/api/ready')).json()).toEqual({ status: 'ok' })
  expect(worker.tap.requests).toEqual([['select 1']])
})
