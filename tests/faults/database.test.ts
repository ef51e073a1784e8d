import { afterEach, expect, test } from 'vitest'
import type { Task } from '../../worker/contract/task.ts'
import { cookiesOf, PASSWORD, postJson, signUp } from '../support/people.ts'
import { expectNoLeak, expectProblem } from '../support/problem.ts'
import { querySql } from '../support/sql.ts'
import type { Fault } from '../support/fault-proxy.ts'
import { DATABASE_PASSWORD, startWorker } from '../support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)
afterEach(() => worker.tap.mend())

/** Longest that anybody waits for an answer, ms. */
const PATIENCE_MS = 10_000

/** Longer than a request may wait for the database, ms. */
const UPLOAD_MS = 8_500

const faults: [string, Fault][] = [
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
  ['too many connections', { sqlstate: '53300' }],
  ['a broken connection', { sqlstate: '08006' }],
  ['a quota used up', { status: 400, body: '{"message":"secret words: quota exceeded"}' }],
]

/** Of these a change that may be run twice knows nothing; a toggle must. */
const endings: [string, Fault][] = [
  ['silence after it ran', 'hang-after'],
  ['Postgres shutting down after it ran', { sqlstate: '57P01', ran: true }],
  ['a crash of Postgres after it ran', { sqlstate: '57P02', ran: true }],
]

const stored = async (id: string): Promise<Record<string, string | null> | undefined> =>
  (await querySql('select title, completed, deleted_at from tasks where id = $1', [id]))[0]

async function inTime<T>(work: Promise<T>): Promise<T> {
  const started = Date.now()
  const result = await work
  expect(Date.now() - started).toBeLessThan(PATIENCE_MS)
  return result
}

async function expectAway(response: Response) {
  await expectProblem(response, 503, 'database-away')
  expect(response.headers.get('Retry-After')).toBe('1')
}

test.each(faults)(
  'OPS-20 while the database answers with %s, every call is told so and nothing leaks',
  async (_, fault) => {
    const { id } = await ann.addTask('Milk')
    worker.tap.break(() => fault)
    const answers = await inTime(
      Promise.all([
        ann.call('GET', '/api/tasks'),
        ann.call('POST', '/api/tasks', { title: 'secret words' }),
        ann.call('PATCH', `/api/tasks/${id}/complete`),
        worker.fetch('/api/ready'),
        worker.fetch('/api/auth/sign-in/email', postJson({ email: ann.email, password: PASSWORD })),
      ]),
    )
    for (const answer of answers) await expectAway(answer)
    expect((await worker.fetch('/api/health')).status).toBe(200)
    worker.tap.mend()
    expectNoLeak(worker.logs())
    expect((await worker.fetch('/api/ready')).status).toBe(200)
  },
)

test.each(faults.filter(([name]) => name !== 'a quota used up'))(
  'OPS-21 a create, a change and a delete get through one answer of %s, once',
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

test.each([...faults, ...endings])(
  'OPS-22 a toggle met by %s is done once or not at all, and the answer is honest',
  async (_, fault) => {
    const { id } = await ann.addTask('Milk')
    worker.tap.break((n) => (n === 0 ? fault : 'pass'))
    const response = await inTime(ann.call('PATCH', `/api/tasks/${id}/complete`))
    worker.tap.mend()
    const ran =
      fault === 'answer-lost' ||
      fault === 'reset-in-answer' ||
      fault === 'hang-after' ||
      (typeof fault === 'object' && 'ran' in fault)
    if (response.status !== 200) await expectAway(response)
    expect((await stored(id))?.['completed']).toBe(response.status === 200 || ran ? 't' : 'f')
  },
)

test('OPS-23 a database that hangs is given up on in time, and asked no more than thrice', async () => {
  worker.tap.clear()
  worker.tap.break(() => 'hang')
  const [list, toggle] = await Promise.all([
    inTime(ann.call('GET', '/api/tasks')),
    inTime(ann.call('PATCH', `/api/tasks/${crypto.randomUUID()}/complete`)),
  ])
  worker.tap.mend()
  await expectAway(list)
  await expectAway(toggle)
  expect(worker.tap.requests.length).toBeLessThanOrEqual(4)
})

test('OPS-23 only waiting for the database counts: a body may come slowly', async () => {
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
  expect((await inTime(ann.call('GET', '/api/tasks'))).status).toBe(200)
  worker.tap.mend()
})

test('OPS-20 nobody listening is told like the rest, and is over when somebody does', async () => {
  await worker.tap.refuse()
  await expectAway(await inTime(ann.call('GET', '/api/tasks')))
  await expectAway(await inTime(ann.call('POST', '/api/tasks', { title: 'x' })))
  await worker.tap.listen()
  expect((await ann.call('GET', '/api/tasks')).status).toBe(200)
})

test('OPS-24 what is not the database being away is a failure of ours, silent and logged', async () => {
  worker.tap.break(() => ({ sqlstate: '42P01' }))
  await expectProblem(await ann.call('GET', '/api/tasks'), 500, 'internal')
  worker.tap.mend()
  expect(worker.logs()).toContain('42P01')
  expectNoLeak(worker.logs())
  expect(worker.logs()).not.toContain(DATABASE_PASSWORD)
})

test('OPS-27 a night whose work fails counts as failed, does the rest, and its log gives nothing away', async () => {
  worker.tap.break((_, sql) => (sql.includes('"tasks"') ? { sqlstate: '42P01' } : 'pass'))
  worker.tap.clear()
  await expect(worker.runCron()).rejects.toThrow('the cron trigger ended as exception')
  worker.tap.mend()
  expect(worker.tap.requests.flat().join()).toContain('delete from "oauth_client"')
  const line = /\{[^{}]*purge-tasks[^{}]*\}/.exec(worker.logs())?.[0]
  expect(line).toContain('42P01')
  expectNoLeak(worker.logs())
})

test('OPS-25 the page of tasks opens while the database is away', async () => {
  const stale = ann.cookie
    .split('; ')
    .filter((cookie) => !cookie.includes('session_data'))
    .join('; ')
  worker.tap.break(() => ({ status: 500 }))
  const open = async (cookie: string) => {
    const page = await inTime(worker.fetch('/tasks', { headers: { Cookie: cookie } }))
    const html = await page.text()
    const title = /<title>(.*)<\/title>/.exec(html)?.[1]
    return { status: page.status, title, session: sessionIn(html), whole: html.trimEnd().endsWith('</html>') }
  }
  const list = { status: 200, title: expect.stringMatching(/^Tasks\b/) as string, whole: true }
  // Who is fresh in the cookie is known, and may call the API; the rest opens with what the device has.
  const session = { user: { id: ann.id, name: 'Ann', email: ann.email }, token: expect.any(String) as string }
  expect(await open(ann.cookie)).toEqual({ ...list, session })
  expect(await open(stale)).toEqual({ ...list, session: undefined })
  worker.tap.mend()
  expect(await open(stale)).toEqual({ ...list, session: expect.objectContaining(session) as object })
})

/** What the Worker wrote into a page, if anything. */
function sessionIn(html: string): unknown {
  const json = /<script type="application\/json" id="margin-session">(.*?)<\/script>/.exec(html)?.[1]
  return json && JSON.parse(json)
}

test('OPS-20 logging in works again at once, and no session is half made', async () => {
  const bob = await signUp(worker, 'Bob')
  worker.tap.break((n) => (n === 1 ? 'answer-lost' : 'pass'))
  const login = () =>
    worker.fetch('/api/auth/sign-in/email', postJson({ email: bob.email, password: PASSWORD }))
  await expectAway(await login())
  worker.tap.mend()
  const good = await login()
  expect(good.status).toBe(200)
  expect((await worker.fetch('/api/auth/token', { headers: { Cookie: cookiesOf(good) } })).status).toBe(200)
})
