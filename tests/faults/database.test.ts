import { afterEach, expect, test } from 'vitest'
import type { Task } from '../../worker/contract/task.ts'
import { cookiesOf, PASSWORD, postJson, signUp } from '../support/people.ts'
import { expectNoLeak, expectProblem } from '../support/problem.ts'
import { querySql } from '../support/sql.ts'
import type { Fault } from '../support/fault-proxy.ts'
import {
  CONNECTION_REFUSALS,
  LOST_COMPUTE,
  OWN_REFUSALS,
  UNSERVABLE_REQUESTS,
} from '../support/neon-answers.ts'
import { DATABASE_PASSWORD, startWorker } from '../support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)
afterEach(() => worker.tap.mend())

/** Longer than a request may wait for the database, ms. */
const UPLOAD_MS = 8_500

/** Faults that end with one request: a retry helps. Bodies of the database are Neon's own (support/neon-answers.ts). */
const transient: [string, Fault][] = [
  ['reset before', 'reset-before'],
  ['reset in mid-answer', 'reset-in-answer'],
  ['answer lost', 'answer-lost'],
  ['silence', 'hang'],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['500 after it ran', { status: 500, ran: true }],
  ['503', { status: 503 }],
  ['500 that asks for a repeat', { status: 500, body: '{"message":"busy","neon:retryable":true}' }],
  ['HTML', 'html'],
  ['an empty body', 'empty'],
  ['half of a JSON text', 'not-json'],
  ['a wrong shape', 'wrong-shape'],
  ['Postgres shutting down', { sqlstate: '57P01' }],
  ['a broken connection', { sqlstate: '08006' }],
  ['too many connections', CONNECTION_REFUSALS.full],
  ['Postgres starting', CONNECTION_REFUSALS.starting],
  ['no permit to connect', OWN_REFUSALS.noPermit],
  ['a failure of the control plane', OWN_REFUSALS.controlPlane],
  ['a lost compute', LOST_COMPUTE.closed],
  ['a lost compute after it ran', { ...LOST_COMPUTE.reset, ran: true }],
]

/** Faults that last until somebody mends a setting or a plan: no retry helps, and the log says why. */
const lasting: [string, Fault, string][] = [
  ['a used up quota', OWN_REFUSALS.quota, 'A quota of Neon is used up'],
  ['a wrong password', OWN_REFUSALS.wrongPassword, 'Neon refused the user or password of DATABASE_URL'],
  ['a disabled endpoint', OWN_REFUSALS.disabledEndpoint, 'Neon has no such endpoint, or it is disabled'],
  ['a dropped database', CONNECTION_REFUSALS.noDatabase, 'Postgres refused the connection: 3D000'],
  ['a role without log-in', CONNECTION_REFUSALS.noRole, 'Postgres refused the connection: 28000'],
  ['words of Neon that are not known', { status: 400, body: '{"message":"secret words"}' }, 'Neon refused'],
]

const faults: [string, Fault][] = [
  ...transient,
  ...lasting.map(([name, fault]): [string, Fault] => [name, fault]),
]

/** A write that may be repeated can ignore these; a toggle must not. */
const afterRunning: [string, Fault][] = [
  ['silence after it ran', 'hang-after'],
  ['Postgres shutting down after it ran', { sqlstate: '57P01', ran: true }],
  ['a crash of Postgres after it ran', { sqlstate: '57P02', ran: true }],
]

const stored = async (id: string): Promise<Record<string, string | null> | undefined> =>
  (await querySql('select title, completed, deleted_at from tasks where id = $1', [id]))[0]

/** Asserts that a request made at most three attempts, by its Server-Timing; the time they may take is the Worker's own. */
function expectFewAttempts(response: Response) {
  const attempts = /\bdb;dur=[\d.]+;desc="(\d+)"/.exec(response.headers.get('Server-Timing') ?? '')?.[1]
  expect(Number(attempts)).toBeLessThanOrEqual(3)
}

async function expectUnavailable(response: Response) {
  await expectProblem(response, 503, 'database-away')
  expect(response.headers.get('Retry-After')).toBe('1')
}

test.each(faults)(
  'OPS-20 while the database answers with %s, every call is 503 and nothing leaks',
  async (_, fault) => {
    const { id } = await ann.addTask('Milk')
    worker.tap.break(() => fault)
    const answers = await Promise.all([
      ann.call('GET', '/api/tasks'),
      ann.call('POST', '/api/tasks', { title: 'secret words' }),
      ann.call('PATCH', `/api/tasks/${id}/complete`),
      worker.fetch('/api/ready'),
      worker.fetch('/api/auth/sign-in/email', postJson({ email: ann.email, password: PASSWORD })),
    ])
    for (const answer of answers) {
      expectFewAttempts(answer)
      await expectUnavailable(answer)
    }
    expect((await worker.fetch('/api/health')).status).toBe(200)
    worker.tap.mend()
    expectNoLeak(worker.logs())
    expect((await worker.fetch('/api/ready')).status).toBe(200)
  },
)

test.each(transient)(
  'OPS-21 a create, a change and a delete are done once in spite of %s',
  async (_, fault) => {
    const once = () => worker.tap.break((n) => (n === 0 ? fault : 'pass'))
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    const title = `Milk ${key['Idempotency-Key']}`
    once()
    const made = await ann.call('POST', '/api/tasks', { title })
    expect([200, 201]).toContain(made.status)
    const task = (await made.json()) as Task
    expect(await querySql('select id from tasks where title = $1', [title])).toEqual([{ id: task.id }])
    once()
    const changed = await ann.call(
      'PATCH',
      `/api/tasks/${task.id}`,
      { title: 'Bread' },
      { 'If-Match': `"${task.updated_at}"` },
    )
    expect(changed.status).toBe(200)
    expect(await stored(task.id)).toMatchObject({ title: 'Bread' })
    once()
    expect((await ann.call('PATCH', `/api/tasks/${task.id}/complete`, { completed: true })).status).toBe(200)
    once()
    expect((await ann.call('DELETE', `/api/tasks/${task.id}`)).status).toBe(204)
    once()
    expect((await ann.call('POST', `/api/tasks/${task.id}/restore`)).status).toBe(200)
    once()
    expect((await ann.tasks('?limit=1')).tasks).toHaveLength(1)
    worker.tap.mend()
    expect(await stored(task.id)).toEqual({ title: 'Bread', completed: 't', deleted_at: null })
  },
)

test.each([...faults, ...afterRunning])(
  'OPS-22 a toggle with %s is done once or not at all, and the answer says which',
  async (_, fault) => {
    const { id } = await ann.addTask('Milk')
    worker.tap.break((n) => (n === 0 ? fault : 'pass'))
    const response = await ann.call('PATCH', `/api/tasks/${id}/complete`)
    expectFewAttempts(response)
    worker.tap.mend()
    const ran =
      fault === 'answer-lost' ||
      fault === 'reset-in-answer' ||
      fault === 'hang-after' ||
      (typeof fault === 'object' && 'ran' in fault)
    if (response.status !== 200) await expectUnavailable(response)
    expect((await stored(id))?.['completed']).toBe(response.status === 200 || ran ? 't' : 'f')
  },
)

test.each([
  ['too many connections', CONNECTION_REFUSALS.full],
  ['Postgres starting', CONNECTION_REFUSALS.starting],
  ['no permit to connect', OWN_REFUSALS.noPermit],
  ['a failure of the control plane', OWN_REFUSALS.controlPlane],
])('OPS-102 a toggle that never ran because of %s is retried', async (_, fault) => {
  const { id } = await ann.addTask('Milk')
  worker.tap.break((n) => (n === 0 ? fault : 'pass'))
  expect((await ann.call('PATCH', `/api/tasks/${id}/complete`)).status).toBe(200)
  worker.tap.mend()
  expect((await stored(id))?.['completed']).toBe('t')
})

test.each(lasting)(
  'OPS-100 the log says why while the database answers with %s',
  async (_, fault, reason) => {
    worker.tap.clear()
    worker.tap.break(() => fault)
    await expectUnavailable(await ann.call('PATCH', `/api/tasks/${crypto.randomUUID()}/complete`))
    worker.tap.mend()
    expect(worker.tap.requests).toHaveLength(1)
    expect(worker.logs()).toContain(`\\"reason\\":\\"${reason}\\"`)
    expectNoLeak(worker.logs())
    expect(worker.logs()).not.toContain("failed for user 'margin'")
  },
)

test('OPS-103 an answer over Neon’s limit is a 500 without Retry-After', async () => {
  worker.tap.clear()
  worker.tap.break(() => UNSERVABLE_REQUESTS.answerTooLarge)
  const response = await ann.call('GET', '/api/tasks')
  await expectProblem(response, 500, 'internal')
  expect(response.headers.get('Retry-After')).toBeNull()
  worker.tap.mend()
  expect(worker.tap.requests).toHaveLength(1)
  expect(worker.logs()).toContain('The answer is too large for Neon')
})

test('OPS-104 logging in succeeds in spite of one lost answer to a read', async () => {
  worker.tap.break((n) => (n === 0 ? 'answer-lost' : 'pass'))
  const credentials = postJson({ email: ann.email, password: PASSWORD })
  expect((await worker.fetch('/api/auth/sign-in/email', credentials)).status).toBe(200)
  worker.tap.mend()
})

test('OPS-23 a database that hangs is given up on in time, after three attempts at most', async () => {
  worker.tap.clear()
  worker.tap.break(() => 'hang')
  const [list, toggle] = await Promise.all([
    ann.call('GET', '/api/tasks'),
    ann.call('PATCH', `/api/tasks/${crypto.randomUUID()}/complete`),
  ])
  worker.tap.mend()
  await expectUnavailable(list)
  await expectUnavailable(toggle)
  expect(worker.tap.requests.length).toBeLessThanOrEqual(4)
})

test('OPS-23 only waiting for the database counts: a slow upload is no reason to fail', async () => {
  const text = new TextEncoder().encode(JSON.stringify({ title: 'Milk' }))
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      stream.enqueue(text.slice(0, 5))
      await new Promise((resolve) => setTimeout(resolve, UPLOAD_MS))
      stream.enqueue(text.slice(5))
      stream.close()
    },
  })
  const headers = { Authorization: `Bearer ${ann.token}`, 'Content-Type': 'application/json' }
  const sent = { method: 'POST', headers, body, duplex: 'half' } as const
  expect((await fetch(new URL('/api/tasks', worker.url), sent)).status).toBe(201)
})

test('OPS-23 a database that was slow to wake is waited for', async () => {
  worker.tap.break((n) => (n === 0 ? 'hang' : 'pass'))
  expect((await ann.call('GET', '/api/tasks')).status).toBe(200)
  worker.tap.mend()
})

test('OPS-20 a closed port is 503 too, until somebody listens on it', async () => {
  await worker.tap.refuse()
  await expectUnavailable(await ann.call('GET', '/api/tasks'))
  await expectUnavailable(await ann.call('POST', '/api/tasks', { title: 'x' }))
  await worker.tap.listen()
  expect((await ann.call('GET', '/api/tasks')).status).toBe(200)
})

test('OPS-24 any other failure of the database is a 500 without details, and is logged', async () => {
  worker.tap.break(() => ({ sqlstate: '42P01' }))
  await expectProblem(await ann.call('GET', '/api/tasks'), 500, 'internal')
  worker.tap.mend()
  expect(worker.logs()).toContain('42P01')
  expectNoLeak(worker.logs())
  expect(worker.logs()).not.toContain(DATABASE_PASSWORD)
})

test('OPS-27 a nightly run with a failed part counts as failed, does the rest, and its log leaks nothing', async () => {
  worker.tap.break((_, sql) => (sql.includes('"tasks"') ? { sqlstate: '42P01' } : 'pass'))
  worker.tap.clear()
  await expect(worker.runCron()).rejects.toThrow('the cron trigger ended as exception')
  worker.tap.mend()
  expect(worker.tap.requests.flat().join()).toContain('delete from "oauth_client"')
  const line = /\{[^{}]*purge-tasks[^{}]*\}/.exec(worker.logs())?.[0]
  expect(line).toContain('42P01')
  expectNoLeak(worker.logs())
})

test('OPS-25 the page of tasks opens while the database is unavailable', async () => {
  const stale = ann.cookie
    .split('; ')
    .filter((cookie) => !cookie.includes('session_data'))
    .join('; ')
  worker.tap.break(() => ({ status: 500 }))
  const open = async (cookie: string) => {
    const page = await worker.fetch('/tasks', { headers: { Cookie: cookie } })
    const html = await page.text()
    const title = /<title>(.*)<\/title>/.exec(html)?.[1]
    return { status: page.status, title, session: sessionIn(html), whole: html.trimEnd().endsWith('</html>') }
  }
  const list = { status: 200, title: expect.stringMatching(/^Tasks\b/) as string, whole: true }
  // A session that is fresh in the cookie is known and may call the API; otherwise the page has the device's data only.
  const session = { user: { id: ann.id, name: 'Ann', email: ann.email }, token: expect.any(String) as string }
  expect(await open(ann.cookie)).toEqual({ ...list, session })
  expect(await open(stale)).toEqual({ ...list, session: undefined })
  worker.tap.mend()
  expect(await open(stale)).toEqual({ ...list, session: expect.objectContaining(session) as object })
})

/** Returns the session that the Worker wrote into a page, if any. */
function sessionIn(html: string): unknown {
  const json = /<script type="application\/json" id="margin-session">(.*?)<\/script>/.exec(html)?.[1]
  return json && JSON.parse(json)
}

test('OPS-20 logging in works again at once, and no session is incomplete', async () => {
  const bob = await signUp(worker, 'Bob')
  worker.tap.break((n) => (n === 1 ? 'answer-lost' : 'pass'))
  const login = () =>
    worker.fetch('/api/auth/sign-in/email', postJson({ email: bob.email, password: PASSWORD }))
  await expectUnavailable(await login())
  worker.tap.mend()
  const good = await login()
  expect(good.status).toBe(200)
  expect((await worker.fetch('/api/auth/token', { headers: { Cookie: cookiesOf(good) } })).status).toBe(200)
})
