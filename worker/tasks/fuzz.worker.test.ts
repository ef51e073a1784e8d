import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { propertySeed } from '../../tests/support/property-seed.ts'
import { expectNoLeak } from '../../tests/support/problem.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { codePoints } from '../contract/text.ts'
import { Task } from '../contract/task.ts'

fc.configureGlobal({ seed: propertySeed(20_261_121) })

const worker = await startWorker()
const ann = await signUp(worker)
const runs = { numRuns: 150 }
/** A property sends hundreds of requests, one after another: minutes on a busy machine. */
const PROPERTY_TIMEOUT_MS = 600_000

/** Text that tends to break things: any UTF-16 code unit, control characters, quotes, very long text. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 250 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    "'; drop table tasks; --",
    '{{7*7}}',
    '%s%n',
    '\u202e',
    '🥛'.repeat(200),
    '🥛'.repeat(201),
  ),
)
const anyJson = fc.oneof(text, fc.jsonValue(), fc.boolean(), fc.integer(), fc.constant(null))
const body = fc.record(
  { title: anyJson, description: anyJson, completed: anyJson, id: anyJson, user_id: anyJson },
  { requiredKeys: [] },
)

/** Sends a request; its response must be below 500 and reveal no internals. */
async function answered(method: string, path: string, json?: unknown, headers?: Record<string, string>) {
  const response = await ann.call(method, path, json, headers)
  const answer = await response.text()
  expect(response.status, `${method} ${path} ${JSON.stringify(json)}: ${answer}`).toBeLessThan(500)
  if (response.status >= 400) expectNoLeak(answer.replaceAll(/"(title|description)":"[^"]*"/g, ''))
  return { status: response.status, answer }
}

test(
  'TASK-55 no body of a create or a change causes a 500',
  async () => {
    const task = await ann.addTask('Milk')
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('POST', 'PUT', 'PATCH', 'complete'), async (json, method) => {
        if (method === 'POST') return void (await answered('POST', '/api/tasks', json))
        if (method === 'complete')
          return void (await answered('PATCH', `/api/tasks/${task.id}/complete`, json))
        await answered(method, `/api/tasks/${task.id}`, json)
      }),
      runs,
    )
  },
  PROPERTY_TIMEOUT_MS,
)

test(
  'TASK-55 no id, query, key or version causes a 500',
  async () => {
    const header = fc.string({
      unit: fc.constantFrom(...'abc"*,W/-: 0123456789TZ.'.split('')),
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE'),
        header,
        async (id, method, value) => {
          const path = encodeURIComponent(id.toWellFormed())
          await answered(method, `/api/tasks/${path}`, method === 'GET' ? undefined : { title: 'x' }, {
            'If-Match': value,
          })
          await answered('GET', `/api/tasks?limit=${path}&cursor=${path}&completed=${path}`)
          await answered('GET', `/api/tasks/changes?since=${path}`)
          await answered('POST', '/api/tasks', { title: 'x' }, { 'Idempotency-Key': value })
        },
      ),
      { numRuns: 60 },
    )
  },
  PROPERTY_TIMEOUT_MS,
)

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
/** Text in the form of a time, rarely a valid one. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 9_999 }), two(13), two(32), two(24), two(60), two(60))
  .map(([y, m, d, h, min, s]) => `${String(y).padStart(4, '0')}-${m}-${d}T${h}:${min}:${s}.000Z`)

/** Sends `at` as a cursor and as a version to every endpoint that takes one; returns the statuses. */
async function sendTime(at: string) {
  const task = await ann.addTask('Milk')
  const cursor = `${at}_${task.id}`
  const version = { 'If-Match': `W/"x", "${at}"` }
  const statuses = []
  const calls: Parameters<typeof answered>[] = [
    ['GET', `/api/tasks?cursor=${cursor}`],
    ['GET', `/api/tasks/changes?since=${cursor}`],
    ['GET', `/api/${ann.id}/conversations?cursor=${cursor}`],
    ['PUT', `/api/tasks/${task.id}`, { title: 'x' }, version],
    ['PATCH', `/api/tasks/${task.id}`, { title: 'x' }, version],
    ['PATCH', `/api/tasks/${task.id}/complete`, { completed: true }, version],
    ['PATCH', `/api/tasks/${task.id}/complete`, undefined, version],
    ['DELETE', `/api/tasks/${task.id}`, undefined, version],
  ]
  for (const call of calls) statuses.push((await answered(...call)).status)
  return statuses
}

test.each([
  '2026-02-30T00:00:00.000Z',
  '2026-02-29T00:00:00.000Z',
  '2026-13-01T00:00:00.000Z',
  '2026-00-10T00:00:00.000Z',
  '2026-01-01T24:00:00.001Z',
  '2026-01-01T23:59:60.000Z',
  '0000-01-01T00:00:00.000Z',
])('TASK-55 %s is no cursor (400) and no version (412)', async (at) => {
  expect(await sendTime(at)).toEqual([400, 400, 400, 412, 412, 412, 412, 412])
})

test(
  'TASK-55 no text in the form of a time causes a 500',
  async () => {
    await fc.assert(
      fc.asyncProperty(time, async (at) => void (await sendTime(at))),
      { numRuns: 60, examples: [['0001-01-01T00:00:00.000Z'], ['9999-12-31T23:59:59.000Z']] },
    )
  },
  PROPERTY_TIMEOUT_MS,
)

test(
  'TASK-2 accepted text is stored unchanged, and text over a limit is refused',
  async () => {
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        const { status, answer } = await answered('POST', '/api/tasks', { title })
        const kept = title.trim()
        const fits =
          codePoints(kept) >= 1 && codePoints(kept) <= 200 && kept.isWellFormed() && !kept.includes('\0')
        expect(status).toBe(fits ? 201 : 400)
        expect(fits ? Task.parse(JSON.parse(answer)).title : kept).toBe(kept)
      }),
      runs,
    )
  },
  PROPERTY_TIMEOUT_MS,
)
