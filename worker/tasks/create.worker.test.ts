import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { BODY_MAX_BYTES } from '../contract/limits.ts'
import { Task } from '../contract/task.ts'

const worker = await startWorker()
const ann = await signUp(worker)

test('TASK-1 a new task is open and has a Location and an ETag', async () => {
  const response = await ann.call('POST', '/api/tasks', { title: 'Buy milk', description: 'Two litres' })
  const task = Task.parse(await response.json())
  expect(response.status).toBe(201)
  expect(task).toMatchObject({
    user_id: ann.id,
    title: 'Buy milk',
    description: 'Two litres',
    completed: false,
  })
  expect(task.updated_at).toBe(task.created_at)
  expect(Math.abs(Date.now() - Date.parse(task.created_at))).toBeLessThan(60_000)
  expect(response.headers.get('Location')).toBe(`/api/tasks/${task.id}`)
  expect(response.headers.get('ETag')).toBe(`"${task.updated_at}"`)
  expect(await (await ann.call('GET', `/api/tasks/${task.id}`)).json()).toEqual(task)
})

test('TASK-1 description is null and completed false unless sent', async () => {
  expect(await ann.addTask('Bare')).toMatchObject({ description: null, completed: false })
  expect(await ann.addTask('Done', { completed: true, description: null })).toMatchObject({ completed: true })
})

test('TASK-2 a title is trimmed and counted in code points', async () => {
  expect(await ann.addTask('  Milk \n')).toMatchObject({ title: 'Milk' })
  expect(await ann.addTask('🥛'.repeat(200))).toMatchObject({ title: '🥛'.repeat(200) })
  expect(await ann.addTask('Long', { description: 'é'.repeat(10_000) })).toMatchObject({ title: 'Long' })
})

test.each([
  ['no title', {}, 'title', 'The title must be text.'],
  ['an empty title', { title: '' }, 'title', 'The title must not be empty.'],
  ['a title of spaces', { title: ' \t ' }, 'title', 'The title must not be empty.'],
  [
    '201 characters',
    { title: 'x'.repeat(201) },
    'title',
    'The title is limited to 200 characters; this one has 201.',
  ],
  ['a title that is not text', { title: 7 }, 'title', 'The title must be text.'],
  ['NUL', { title: 'a\0b' }, 'title', 'The title holds a character that cannot be stored.'],
  ['a lone surrogate', { title: 'a\ud800' }, 'title', 'The title holds a character that cannot be stored.'],
  [
    'a description that is too long',
    { title: 'x', description: 'y'.repeat(10_001) },
    'description',
    'The description is limited to 10,000 characters; this one has 10,001.',
  ],
  [
    'completed that is not a boolean',
    { title: 'x', completed: 'yes' },
    'completed',
    '`completed` must be true or false.',
  ],
  [
    'an id that is no UUID',
    { title: 'x', id: '7' },
    'id',
    'An id is a UUID, like 0199a1b2-3c4d-7e8f-9012-3456789abcde.',
  ],
])('TASK-2 %s is refused with a reason', async (_, body, field, message) => {
  worker.tap.clear()
  const problem = await expectProblem(await ann.call('POST', '/api/tasks', body), 400, 'invalid-input')
  expect(problem.errors).toEqual([{ field, message }])
  expect(problem.detail).toBe(message)
  expect(worker.tap.requests).toEqual([])
})

test('TASK-3 a repeat with the same id or key creates one task, also in concurrent requests', async () => {
  const bob = await signUp(worker, 'Bob')
  const id = randomUUID()
  const twice = [
    { title: 'First', id },
    { title: 'Second', id },
  ]
  const [first, second] = await Promise.all(twice.map((body) => bob.call('POST', '/api/tasks', body)))
  expect([first?.status, second?.status].toSorted()).toEqual([200, 201])
  expect(await first?.json()).toEqual(await second?.json())
  const key = { 'Idempotency-Key': 'call-7' }
  const made = await bob.call('POST', '/api/tasks', { title: 'Keyed' }, key)
  const again = await bob.call('POST', '/api/tasks', { title: 'Keyed' }, key)
  expect([made.status, again.status]).toEqual([201, 200])
  expect(await again.json()).toEqual(await made.json())
  expect((await bob.tasks()).tasks).toHaveLength(2)
})

test('TASK-3 the same key of two users creates two tasks; an invalid key is refused', async () => {
  const [bob, eve] = await Promise.all([signUp(worker, 'Bob'), signUp(worker, 'Eve')])
  const key = { 'Idempotency-Key': 'same' }
  const made = await Promise.all(
    [bob, eve].map((one) => one.call('POST', '/api/tasks', { title: 'Mine' }, key)),
  )
  expect(made.map((response) => response.status)).toEqual([201, 201])
  for (const bad of ['x'.repeat(256), 'clé'])
    await expectProblem(
      await bob.call('POST', '/api/tasks', { title: 'x' }, { 'Idempotency-Key': bad }),
      400,
      'invalid-input',
    )
})

test('TASK-3 a repeat after a change returns the current task', async () => {
  const task = await ann.addTask('Before', { id: randomUUID() })
  await ann.call('PATCH', `/api/tasks/${task.id}`, { title: 'After' })
  const repeat = await ann.call('POST', '/api/tasks', { id: task.id, title: 'Before' })
  expect(repeat.status).toBe(200)
  expect(await repeat.json()).toMatchObject({ id: task.id, title: 'After' })
})

test("TASK-4 the id of another user's task is refused and reveals nothing of it", async () => {
  const [bob, { id }] = await Promise.all([signUp(worker, 'Bob'), ann.addTask('Secret of Ann')])
  const response = await bob.call('POST', '/api/tasks', { title: 'Mine', id })
  const problem = await expectProblem(response, 409, 'conflict')
  expect(JSON.stringify(problem)).not.toContain('Secret')
  expect(await (await ann.call('GET', `/api/tasks/${id}`)).json()).toMatchObject({ title: 'Secret of Ann' })
})

test('TASK-5 unknown fields are ignored', async () => {
  const bob = await signUp(worker, 'Bob')
  const task = await bob.addTask('Milk', {
    user_id: ann.id,
    created_at: '1999-01-01T00:00:00.000Z',
    priority: 9,
  })
  expect(task).toMatchObject({ user_id: bob.id })
  expect(Object.keys(task).toSorted()).toEqual(Object.keys(Task.shape).toSorted())
  expect(task.created_at > '2026').toBe(true)
})

test('TASK-52 a body over 64 KiB is 413, a wrong type 415, invalid JSON or UTF-8 400', async () => {
  const send = (body: string | Uint8Array<ArrayBuffer>, type: string | undefined = 'application/json') =>
    worker.fetch('/api/tasks', {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${ann.token}`, 'Content-Type': type },
    })
  const padded = (bytes: number) => JSON.stringify({ title: 'x', ignored: 'y'.repeat(bytes) })
  expect((await send(padded(BODY_MAX_BYTES - 100))).status).toBe(201)
  await expectProblem(await send(padded(BODY_MAX_BYTES)), 413, 'too-large')
  await expectProblem(await send('{"title":"x"}', 'text/plain'), 415, 'unsupported-media-type')
  await expectProblem(await send('{"title":', 'application/json'), 400, 'invalid-input')
  await expectProblem(await send('', 'application/json'), 400, 'invalid-input')
  await expectProblem(await send('[]'), 400, 'invalid-input')
  await expectProblem(await send('null'), 400, 'invalid-input')
  await expectProblem(await send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'invalid-input')
  expect((await send('{"title":"Milk"}', 'application/vnd.api+json; charset=utf-8')).status).toBe(201)
})
