import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { expectNoLeak } from '../../tests/support/problem.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { codePoints } from '../contract/text.ts'
import { Task } from '../contract/task.ts'

const worker = await startWorker()
const ann = await signUp(worker)
const runs = { numRuns: 150 }

/** Text of every kind that breaks things: any unit of UTF-16, control characters, quotes, very long. */
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
const anything = fc.oneof(text, fc.jsonValue(), fc.boolean(), fc.integer(), fc.constant(null))
const body = fc.record(
  { title: anything, description: anything, completed: anything, id: anything, user_id: anything },
  { requiredKeys: [] },
)

/** Sends it; whatever comes, it is an answer below 500 that gives nothing away. */
async function answered(method: string, path: string, json?: unknown, headers?: Record<string, string>) {
  const response = await ann.call(method, path, json, headers)
  const answer = await response.text()
  expect(response.status, `${method} ${path} ${JSON.stringify(json)}: ${answer}`).toBeLessThan(500)
  if (response.status >= 400) expectNoLeak(answer.replaceAll(/"(title|description)":"[^"]*"/g, ''))
  return { status: response.status, answer }
}

test('TASK-55 no body of a create or a change is answered by 500', async () => {
  const task = await ann.addTask('Milk')
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('POST', 'PUT', 'PATCH', 'complete'), async (json, method) => {
      if (method === 'POST') return void (await answered('POST', '/api/tasks', json))
      if (method === 'complete') return void (await answered('PATCH', `/api/tasks/${task.id}/complete`, json))
      await answered(method, `/api/tasks/${task.id}`, json)
    }),
    runs,
  )
})

test('TASK-55 no id, query, key or version is answered by 500', async () => {
  const header = fc.string({ unit: fc.constantFrom(...'abc"*,W/-: 0123456789TZ.'.split('')), maxLength: 40 })
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
})

test('TASK-2 what is taken is kept to the letter, and what breaks a limit is refused', async () => {
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
})
