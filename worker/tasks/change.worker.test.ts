import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql, executeBatch } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { Task } from '../contract/task.ts'

const worker = await startWorker()
const ann = await signUp(worker)

const read = async (user: TestUser, id: string) =>
  (await (await user.call('GET', `/api/tasks/${id}`)).json()) as Task

async function change(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Task> {
  const response = await ann.call(method, `/api/tasks/${path}`, body, headers)
  const task = Task.parse(await response.json())
  expect(response.status).toBe(200)
  expect(response.headers.get('ETag')).toBe(`"${task.updated_at}"`)
  expect(await read(ann, task.id)).toEqual(task)
  return task
}

test('TASK-20 PUT requires a title and keeps absent fields', async () => {
  const task = await ann.addTask('Milk', { description: 'Two litres', completed: true })
  expect(await change('PUT', task.id, { title: ' Bread ' })).toMatchObject({
    title: 'Bread',
    description: 'Two litres',
    completed: true,
  })
  expect(await change('PUT', task.id, { title: 'Bread', description: null, completed: false })).toMatchObject(
    {
      description: null,
      completed: false,
    },
  )
  await expectProblem(
    await ann.call('PUT', `/api/tasks/${task.id}`, { completed: true }),
    400,
    'invalid-input',
  )
})

test('TASK-20 PATCH changes the fields in its body, of which there must be one', async () => {
  const task = await ann.addTask('Milk', { description: 'Two litres' })
  expect(await change('PATCH', task.id, { title: 'Oat milk' })).toMatchObject({ description: 'Two litres' })
  expect(await change('PATCH', task.id, { description: 'One', completed: true })).toMatchObject({
    title: 'Oat milk',
  })
  const problem = await expectProblem(
    await ann.call('PATCH', `/api/tasks/${task.id}`, { user_id: 'x' }),
    400,
    'invalid-input',
  )
  expect(problem.detail).toBe('Send at least one of `title`, `description` and `completed`.')
})

test('TASK-20 a missing task is 404, and an invalid body is 400 for any id', async () => {
  const { id } = await ann.addTask('Milk')
  for (const missing of [randomUUID(), 'no-id']) {
    await expectProblem(await ann.call('PUT', `/api/tasks/${missing}`, { title: 'x' }), 404, 'not-found')
    await expectProblem(await ann.call('PATCH', `/api/tasks/${missing}`, { title: 'x' }), 404, 'not-found')
    await expectProblem(await ann.call('PATCH', `/api/tasks/${missing}/complete`), 404, 'not-found')
    await expectProblem(await ann.call('DELETE', `/api/tasks/${missing}`), 404, 'not-found')
    await expectProblem(await ann.call('POST', `/api/tasks/${missing}/restore`), 404, 'not-found')
  }
  for (const any of [id, randomUUID(), 'no-id'])
    await expectProblem(await ann.call('PUT', `/api/tasks/${any}`, { title: '' }), 400, 'invalid-input')
})

test('TASK-21 complete sets completed, or toggles it without a body', async () => {
  const { id } = await ann.addTask('Milk')
  expect(await change('PATCH', `${id}/complete`, { completed: true })).toMatchObject({ completed: true })
  expect(await change('PATCH', `${id}/complete`, { completed: true })).toMatchObject({ completed: true })
  expect(await change('PATCH', `${id}/complete`)).toMatchObject({ completed: false })
  expect(await change('PATCH', `${id}/complete`)).toMatchObject({ completed: true })
  for (const body of [{}, { completed: 'no' }, { complete: false }])
    await expectProblem(await ann.call('PATCH', `/api/tasks/${id}/complete`, body), 400, 'invalid-input')
})

test('TASK-21 each of several concurrent toggles counts', async () => {
  const { id } = await ann.addTask('Milk')
  const toggles = Array.from({ length: 9 }, () => ann.call('PATCH', `/api/tasks/${id}/complete`))
  const toggled = await Promise.all(
    (await Promise.all(toggles)).map(async (one) => (await one.json()) as Task),
  )
  expect(toggled.filter((task) => task.completed)).toHaveLength(5)
  expect(await read(ann, id)).toMatchObject({ completed: true })
})

test('TASK-22 updated_at increases with each change, created_at stays', async () => {
  const task = await ann.addTask('Milk')
  let last = task.updated_at
  for (let n = 0; n < 20; n++) {
    const { updated_at, created_at } = await change('PATCH', task.id, { title: `Milk ${n % 2}` })
    expect(updated_at > last).toBe(true)
    expect(created_at).toBe(task.created_at)
    last = updated_at
  }
  await querySql(`update tasks set updated_at = '2031-01-01T00:00:00Z' where id = $1`, [task.id])
  expect(await change('PATCH', task.id, { title: 'Later' })).toMatchObject({
    updated_at: '2031-01-01T00:00:00.001Z',
  })
})

test.each([
  ['PUT', '', { title: 'Mine' }],
  ['PATCH', '', { title: 'Mine' }],
  ['PATCH', '/complete', { completed: true }],
  ['PATCH', '/complete', undefined],
  ['DELETE', '', undefined],
])('TASK-23 %s%s applies only to the version in If-Match', async (method, suffix, body) => {
  const old = await ann.addTask('Milk')
  const task = await change('PATCH', old.id, { title: 'Meanwhile' })
  for (const tag of [`"${old.updated_at}"`, '"nonsense"', '""', '"2026-99-99T00:00:00.000Z"']) {
    const refused = await ann.call(method, `/api/tasks/${task.id}${suffix}`, body, { 'If-Match': tag })
    expect((await expectProblem(refused, 412, 'precondition-failed')).task).toEqual(task)
  }
  expect(await read(ann, task.id)).toEqual(task)
  const tags = `"${old.updated_at}", W/"${task.updated_at}"`
  const taken = await ann.call(method, `/api/tasks/${task.id}${suffix}`, body, { 'If-Match': tags })
  expect(taken.status).toBe(method === 'DELETE' ? 204 : 200)
})

test('TASK-23 If-Match: * requires only that the task exists', async () => {
  const { id } = await ann.addTask('Milk')
  expect((await ann.call('PATCH', `/api/tasks/${id}`, { title: 'Any' }, { 'If-Match': '*' })).status).toBe(
    200,
  )
  await expectProblem(
    await ann.call('PATCH', `/api/tasks/${randomUUID()}`, { title: 'x' }, { 'If-Match': '*' }),
    404,
    'not-found',
  )
})

test('TASK-23 one of several concurrent changes to a version wins, the others are 412 with its result', async () => {
  const task = await ann.addTask('Milk')
  const writers = Array.from({ length: 8 }, (_, n) =>
    ann.call(
      'PATCH',
      `/api/tasks/${task.id}`,
      { title: `Writer ${n}` },
      { 'If-Match': `"${task.updated_at}"` },
    ),
  )
  const responses = await Promise.all(writers)
  const stored = await read(ann, task.id)
  expect(responses.map((response) => response.status).toSorted()).toEqual([
    200,
    ...Array<number>(7).fill(412),
  ])
  for (const response of responses)
    expect(
      response.status === 200
        ? await response.json()
        : (await expectProblem(response, 412, 'precondition-failed')).task,
    ).toEqual(stored)
})

test('TASK-23 a 412 after waiting for another writer has the task as that one wrote it', async () => {
  const task = await ann.addTask('Milk')
  const ifMatch = { 'If-Match': `"${task.updated_at}"` }
  const slowly = executeBatch([
    {
      query: `update tasks set title = 'Slow', updated_at = updated_at + interval '1 s' where id = $1`,
      params: [task.id],
    },
    { query: 'select pg_sleep(0.5)' },
  ])
  await new Promise((resolve) => setTimeout(resolve, 150))
  const refused = await ann.call('PATCH', `/api/tasks/${task.id}`, { title: 'Quick' }, ifMatch)
  await slowly
  const problem = await expectProblem(refused, 412, 'precondition-failed')
  expect(problem.task).toEqual(await read(ann, task.id))
  expect(problem.task?.title).toBe('Slow')
})

test('TASK-24 a change repeated with its old If-Match succeeds without a change', async () => {
  const old = await ann.addTask('Milk')
  const request = [
    'PATCH',
    old.id,
    { title: 'Bread', completed: true },
    { 'If-Match': `"${old.updated_at}"` },
  ] as const
  const first = await change(...request)
  expect(await change(...request)).toEqual(first)
})

test('TASK-30 a deleted task is not found, and deleting it again is 204', async () => {
  const { id, updated_at } = await ann.addTask('Milk')
  const deleted = await ann.call('DELETE', `/api/tasks/${id}`, undefined, { 'If-Match': `"${updated_at}"` })
  expect([deleted.status, await deleted.text()]).toEqual([204, ''])
  await expectProblem(await ann.call('GET', `/api/tasks/${id}`), 404, 'not-found')
  await expectProblem(await ann.call('PATCH', `/api/tasks/${id}`, { title: 'x' }), 404, 'not-found')
  await expectProblem(await ann.call('PATCH', `/api/tasks/${id}/complete`), 404, 'not-found')
  expect((await ann.call('DELETE', `/api/tasks/${id}`)).status).toBe(204)
  expect(
    (await ann.call('DELETE', `/api/tasks/${id}`, undefined, { 'If-Match': `"${updated_at}"` })).status,
  ).toBe(204)
})

test('TASK-31 a restored task has its old state and place in the list', async () => {
  const bob = await signUp(worker, 'Bob')
  const made = []
  for (const title of ['One', 'Two', 'Three'])
    made.push(await bob.addTask(title, { description: title, completed: title === 'Two' }))
  const before = await bob.tasks()
  await bob.call('DELETE', `/api/tasks/${made[1]?.id}`)
  expect((await bob.tasks()).tasks).toHaveLength(2)
  const restored = await bob.call('POST', `/api/tasks/${made[1]?.id}/restore`)
  const task = (await restored.json()) as Task
  expect(restored.status).toBe(200)
  expect(task.updated_at > (made[1]?.updated_at ?? '')).toBe(true)
  const after = await bob.tasks()
  expect(after.tasks.map(({ updated_at: _, ...rest }) => rest)).toEqual(
    before.tasks.map(({ updated_at: _, ...rest }) => rest),
  )
  expect(await (await bob.call('POST', `/api/tasks/${made[1]?.id}/restore`)).json()).toEqual(task)
})

test('TASK-31 a create repeated after a delete does not restore the task', async () => {
  const task = await ann.addTask('Milk', { id: randomUUID() })
  await ann.call('DELETE', `/api/tasks/${task.id}`)
  const repeat = await ann.call('POST', '/api/tasks', { id: task.id, title: 'Milk' })
  expect(repeat.status).toBe(200)
  expect(((await repeat.json()) as { deleted_at: string }).deleted_at).toMatch(/Z$/)
  await expectProblem(await ann.call('GET', `/api/tasks/${task.id}`), 404, 'not-found')
})
