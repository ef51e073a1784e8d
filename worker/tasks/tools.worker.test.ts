import { expect, test } from 'vitest'
import * as z from 'zod'
import { callTools, sendUndo } from '../../tests/support/call-tools.ts'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import type { Task } from '../contract/task.ts'
import { tools } from './tools.ts'

const worker = await startWorker()
const { run, succeed, fail } = callTools(worker)

const read = async (user: TestUser, { id }: { id: string }) =>
  (await (await user.call('GET', `/api/tasks/${id}`)).json()) as Task

test('CHAT-1 there are five tools, described in under 2,000 tokens, and none takes a user', () => {
  expect(tools.map(({ name, effect, requiredScope: scope }) => [name, effect, scope])).toEqual([
    ['add_task', 'adds', 'tasks:write'],
    ['list_tasks', 'reads', 'tasks:read'],
    ['complete_task', 'changes', 'tasks:write'],
    ['update_task', 'changes', 'tasks:write'],
    ['delete_task', 'deletes', 'tasks:write'],
  ])
  const described = tools.map(({ name, description, input, output }) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output),
  }))
  // English and JSON take about four characters a token.
  expect(JSON.stringify(described).length / 4).toBeLessThan(1_700)
  expect(JSON.stringify(described)).not.toContain('user')
})

test('CHAT-1 each tool does what the API does, for its user, in one statement', async () => {
  const ann = await signUp(worker)
  const { task } = await succeed(ann, 'add_task', { title: ' Buy milk ', description: 'Two litres' })
  expect(await read(ann, task)).toMatchObject({ ...task, user_id: ann.id, title: 'Buy milk' })
  expect((await succeed(ann, 'list_tasks', {})).tasks).toEqual([task])
  expect(await succeed(ann, 'complete_task', { task: task.id })).toMatchObject({ status: 'completed' })
  expect((await succeed(ann, 'list_tasks', { status: 'pending' })).tasks).toEqual([])
  expect((await succeed(ann, 'list_tasks', { status: 'completed' })).tasks).toHaveLength(1)
  expect(await succeed(ann, 'complete_task', { task: task.id, completed: false })).toMatchObject({
    status: 'reopened',
  })
  const updated = await succeed(ann, 'update_task', { task: task.id, title: 'Oat milk', description: null })
  expect(updated.task).toMatchObject({ title: 'Oat milk', description: null })
  expect(await succeed(ann, 'delete_task', { task: task.id })).toMatchObject({ status: 'deleted' })
  expect((await succeed(ann, 'list_tasks', {})).tasks).toEqual([])
})

test('CHAT-1 a forged user id is ignored', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const forged = { user_id: ann.id, userId: ann.id }
  const { task } = await succeed(bob, 'add_task', { title: 'Mine', ...forged })
  expect(await read(bob, task)).toMatchObject({ user_id: bob.id })
  expect((await succeed(bob, 'list_tasks', forged)).tasks).toHaveLength(1)
  expect((await ann.tasks()).tasks).toEqual([])
})

test('CHAT-2 no tool reaches the task of another user, by id or by words', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const secret = await ann.addTask('Secret of Ann')
  for (const task of [secret.id, 'Secret of Ann', 'secret'])
    for (const [name, more] of [
      ['complete_task', {}],
      ['update_task', { title: 'Stolen' }],
      ['delete_task', {}],
    ] as const) {
      const error = await fail(bob, name, { task, ...more })
      expect(error).toMatchObject({ code: 'not-found', statements: [1] })
      expect(JSON.stringify(error)).not.toContain('Secret')
    }
  expect((await succeed(bob, 'list_tasks', { words: 'secret' })).tasks).toEqual([])
  expect(await read(ann, secret)).toEqual(secret)
})

test('CHAT-4 the same idempotency key adds a task once, also in concurrent calls', async () => {
  const ann = await signUp(worker)
  const add = () => run(ann, 'add_task', { title: 'Milk', idempotency_key: 'turn-1' })
  const results = await Promise.all([add(), add(), add()])
  const statuses = results.map((result) => (result.ok ? result.output.status : undefined))
  expect(statuses.toSorted()).toEqual(['created', 'exists', 'exists'])
  expect((await ann.tasks()).tasks).toHaveLength(1)
  await succeed(ann, 'delete_task', { task: 'milk' })
  expect(await succeed(ann, 'add_task', { title: 'Milk', idempotency_key: 'turn-1' })).toMatchObject({
    status: 'deleted',
    undo: undefined,
  })
})

test('CHAT-4 a task that has changed since it was seen is not overwritten', async () => {
  const ann = await signUp(worker)
  const seen = await ann.addTask('Milk')
  await ann.call('PATCH', `/api/tasks/${seen.id}`, { title: 'Oat milk' })
  const update = { task: seen.id, title: 'Soy milk', expected_updated_at: seen.updated_at }
  const error = await fail(ann, 'update_task', update)
  expect(error.code).toBe('precondition-failed')
  expect(error.message).toContain('Oat milk')
  const { updated_at } = await read(ann, seen)
  expect(await succeed(ann, 'update_task', { ...update, expected_updated_at: updated_at })).toMatchObject({
    status: 'updated',
  })
})

test('CHAT-6 every write returns the call that undoes it', async () => {
  const ann = await signUp(worker)
  const added = await succeed(ann, 'add_task', { title: 'Milk', description: 'One' })
  const changed = await succeed(ann, 'update_task', { task: 'milk', title: 'Bread', description: 'Two' })
  expect((await sendUndo(ann, changed.undo)).status).toBe(200)
  expect(await read(ann, added.task)).toMatchObject({ title: 'Milk', description: 'One' })
  const completed = await succeed(ann, 'complete_task', { task: 'milk' })
  expect(await (await sendUndo(ann, completed.undo)).json()).toMatchObject({ completed: false })
  const deleted = await succeed(ann, 'delete_task', { task: 'milk' })
  expect(await (await sendUndo(ann, deleted.undo)).json()).toMatchObject({ id: added.task.id })
  const again = await succeed(ann, 'add_task', { title: 'Mistake' })
  expect((await sendUndo(ann, again.undo)).status).toBe(204)
  expect((await ann.tasks()).tasks.map(({ title }) => title)).toEqual(['Milk'])
})

test('CHAT-6 a write that changed nothing has no undo, and an undo does not overwrite later changes', async () => {
  const ann = await signUp(worker)
  const { undo } = await succeed(ann, 'add_task', { title: 'Milk' })
  await succeed(ann, 'complete_task', { task: 'milk' })
  expect(await succeed(ann, 'complete_task', { task: 'milk' })).toMatchObject({
    status: 'unchanged',
    undo: undefined,
  })
  expect(await succeed(ann, 'update_task', { task: 'milk', title: 'Milk' })).toMatchObject({
    status: 'unchanged',
    undo: undefined,
  })
  expect((await sendUndo(ann, undo)).status).toBe(412)
  const { task } = await succeed(ann, 'delete_task', { task: 'milk' })
  expect(await succeed(ann, 'delete_task', { task: task.id })).toMatchObject({ status: 'unchanged' })
})

test('CHAT-1 a long list is paged, with long descriptions shortened', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, description, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Task ' || n, repeat('🥛', 300), false, now() + n * interval '1 s', now()
     from generate_series(1, 60) n`,
    [ann.id],
  )
  const first = await succeed(ann, 'list_tasks', {})
  expect(first.tasks.map(({ title }) => title)).toEqual(
    Array.from({ length: 50 }, (_, n) => `Task ${60 - n}`),
  )
  expect(first.tasks[0]?.description).toBe(`${'🥛'.repeat(200)}…`)
  const rest = await succeed(ann, 'list_tasks', { cursor: first.next_cursor })
  expect(rest.tasks).toHaveLength(10)
  expect((await succeed(ann, 'list_tasks', { words: 'task 17' })).tasks).toHaveLength(1)
})
