import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { startWorker } from '../../tests/support/worker.ts'
import type { TaskChanges, TaskState } from '../contract/task.ts'
import { ImportResult, TaskExport } from '../contract/transfer.ts'

const worker = await startWorker()
afterEach(() => worker.tap.mend())

const post = (user: TestUser, tasks: object[]) => user.call('POST', '/api/tasks/import', { tasks })
const importTasks = async (user: TestUser, tasks: object[]) => {
  const response = await post(user, tasks)
  expect(response.status).toBe(200)
  return ImportResult.parse(await response.json())
}
const exportTasks = async (user: TestUser): Promise<TaskState[]> =>
  TaskExport.parse(await (await user.call('GET', '/api/tasks/export')).json()).tasks
const counts = (result: Partial<ImportResult>): ImportResult => ({
  added: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  ...result,
})
/** What an import must keep of a task: all but its ids and its version. */
const kept = ({ id: _, user_id: _user, updated_at: _version, ...rest }: TaskState) => rest
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const task = (change: Partial<TaskState> = {}): TaskState => ({
  id: randomUUID(),
  user_id: randomUUID(),
  title: 'Milk',
  description: null,
  completed: false,
  created_at: daysAgo(9),
  updated_at: daysAgo(8),
  deleted_at: null,
  ...change,
})

/** Signs up a user with an open, a completed and a deleted task. */
async function userWithTasks(): Promise<TestUser> {
  const ann = await signUp(worker)
  await ann.addTask('Open', { description: ' two\nlines' })
  await ann.addTask('Done', { completed: true })
  const { id } = await ann.addTask('Deleted')
  await ann.call('DELETE', `/api/tasks/${id}`)
  return ann
}

test('TASK-63 another account gets copies of the tasks, and importing them twice adds them once', async () => {
  const ann = await userWithTasks()
  const tasks = await exportTasks(ann)
  const bob = await signUp(worker, 'Bob')
  expect(await importTasks(bob, tasks)).toEqual(counts({ added: 3 }))
  expect(await importTasks(bob, tasks)).toEqual(counts({ unchanged: 3 }))
  const copies = await exportTasks(bob)
  expect(copies.map(kept)).toEqual(tasks.map(kept))
  expect(copies.some(({ id }) => tasks.some((original) => original.id === id))).toBe(false)
  expect(await exportTasks(ann)).toEqual(tasks)
  // The copy and its original in one file are the same task.
  const both = [...copies, ...tasks]
  expect(await importTasks(bob, both)).toEqual(counts({ unchanged: 6 }))
})

test('TASK-64 free ids are kept, and a task sent twice, in one request or in two at once, is one task', async () => {
  const ann = await signUp(worker)
  const [milk, bread] = [task(), task({ title: 'Bread' })]
  const twice = [milk, { ...milk, title: 'Newer', updated_at: daysAgo(1) }]
  expect(await importTasks(ann, twice)).toEqual(counts({ added: 1, unchanged: 1 }))
  const answers = await Promise.all([importTasks(ann, [bread]), importTasks(ann, [bread])])
  expect(answers.map(({ added }) => added).toSorted((a, b) => a - b)).toEqual([0, 1])
  const stored = new Map((await exportTasks(ann)).map(({ id, title }) => [id, title]))
  expect(stored).toEqual(
    new Map([
      [milk.id, 'Newer'],
      [bread.id, 'Bread'],
    ]),
  )
})

test('TASK-65 the newer version wins, stored or imported, and updated_at increases', async () => {
  const ann = await userWithTasks()
  const before = await exportTasks(ann)
  const [open, done] = before
  if (!open || !done) throw new Error('no tasks')
  await ann.call('PATCH', `/api/tasks/${open.id}`, { title: 'Newer here' })
  expect(await importTasks(ann, before)).toEqual(counts({ unchanged: 3 }))
  const soon = new Date(Date.now() + 60_000).toISOString()
  const newer = { ...done, completed: false, title: 'Newer there', updated_at: soon, created_at: daysAgo(50) }
  expect(await importTasks(ann, [newer])).toEqual(counts({ updated: 1 }))
  expect(await importTasks(ann, [newer])).toEqual(counts({ unchanged: 1 }))
  const after = await exportTasks(ann)
  expect(after.map(({ title }) => title)).toEqual(['Newer here', 'Newer there', 'Deleted'])
  expect(after[1]).toMatchObject({ completed: false, created_at: done.created_at })
  expect((after[1]?.updated_at ?? '') > done.updated_at).toBe(true)
  expect(await importTasks(ann, [{ ...newer, deleted_at: daysAgo(1) }])).toEqual(counts({ updated: 1 }))
  expect((await ann.tasks()).tasks.map(({ title }) => title)).toEqual(['Newer here'])
})

test.each([
  ['no title', { title: undefined }, 'title', 'The title must be text.'],
  ['an empty title', { title: ' ' }, 'title', 'The title must not be empty.'],
  ['NUL', { title: 'a\0b' }, 'title', 'The title holds a character that cannot be stored.'],
  ['an id that is no UUID', { id: '7' }, 'id', 'An id is a UUID, like 0199a1b2-3c4d-7e8f-9012-3456789abcde.'],
  ['no time', { created_at: undefined }, 'created_at', 'A time looks like 2026-11-21T08:30:00.000Z.'],
  ['year 0', { updated_at: '0000-01-01T00:00:00.000Z' }, 'updated_at', 'A time is in 1970 or later.'],
  [
    'February 30',
    { deleted_at: '2026-02-30T00:00:00.000Z' },
    'deleted_at',
    'A time looks like 2026-11-21T08:30:00.000Z.',
  ],
])(
  'TASK-66 %s is refused by the number of its task, and nothing is imported',
  async (_, change, field, message) => {
    const ann = await signUp(worker)
    worker.tap.clear()
    const problem = await expectProblem(
      await post(ann, [task(), { ...task(), ...change }]),
      400,
      'invalid-input',
    )
    expect(problem.errors).toEqual([{ field: `tasks.1.${field}`, message }])
    expect(worker.tap.requests).toEqual([])
  },
)

test('TASK-66 an invalid file or too many tasks are refused; a thousand invalid tasks get 100 reasons', async () => {
  const ann = await signUp(worker)
  const send = (body: unknown) => ann.call('POST', '/api/tasks/import', body)
  const tooMany = { tasks: Array.from({ length: 1_001 }, () => task()).map(({ id }) => ({ id })) }
  for (const body of [
    tooMany,
    {},
    [],
    { tasks: 7 },
    { format: 'other', tasks: [] },
    { version: 2, tasks: [] },
  ])
    await expectProblem(await send(body), 400, 'invalid-input')
  const problem = await expectProblem(await send({ tasks: Array(1_000).fill({}) }), 400, 'invalid-input')
  expect(problem.errors).toHaveLength(100)
  expect(await importTasks(ann, [])).toEqual(counts({}))
})

test('TASK-102 a file without the fields that have defaults is imported, as one older than a field is', async () => {
  const ann = await signUp(worker)
  const old = { id: randomUUID(), title: 'Milk', created_at: daysAgo(9), updated_at: daysAgo(8) }
  expect(await importTasks(ann, [old])).toEqual(counts({ added: 1 }))
  expect(await exportTasks(ann)).toMatchObject([{ ...old, updated_at: expect.any(String) }])
})

test('TASK-67 tasks deleted over 30 days ago are skipped, and no time is in the future', async () => {
  const ann = await signUp(worker)
  const long = task({ deleted_at: daysAgo(31) })
  const lately = task({ title: 'Lately', deleted_at: daysAgo(29) })
  const future = task({ title: 'Future', created_at: '2099-01-01T00:00:00.000Z' })
  expect(await importTasks(ann, [long, lately, future])).toEqual(counts({ added: 2, skipped: 1 }))
  const stored = await exportTasks(ann)
  expect(stored.map(({ title }) => title)).toEqual(['Lately', 'Future'])
  expect(stored.every(({ created_at }) => created_at <= new Date(Date.now() + 5_000).toISOString())).toBe(
    true,
  )
  expect((await ann.call('POST', `/api/tasks/${lately.id}/restore`)).status).toBe(200)
})

test('TASK-68 the changes feed has the imported tasks', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Before')
  await querySql("update tasks set updated_at = now() - interval '1 minute' where user_id = $1", [ann.id])
  const feed = async (since: string) =>
    (await (await ann.call('GET', `/api/tasks/changes${since}`)).json()) as TaskChanges
  const { next_since } = await feed('')
  const old = task({ created_at: daysAgo(99), updated_at: daysAgo(98) })
  await importTasks(ann, [old])
  const { tasks } = await feed(`?since=${encodeURIComponent(next_since)}`)
  expect(tasks.map(({ id, created_at }) => ({ id, created_at }))).toEqual([
    { id: old.id, created_at: old.created_at },
  ])
})

test('TASK-69 an import is one statement, and can be repeated when its response is lost', async () => {
  const ann = await signUp(worker)
  const tasks = Array.from({ length: 200 }, (_, n) => task({ title: `Task ${n}` }))
  worker.tap.break(() => 'answer-lost')
  await expectProblem(await post(ann, tasks), 503, 'database-away')
  worker.tap.mend()
  const { text, statements } = await costOf(worker, () => post(ann, tasks))
  expect(statements).toEqual([1])
  expect(JSON.parse(text)).toEqual(counts({ unchanged: 200 }))
  expect(await exportTasks(ann)).toHaveLength(200)
  worker.tap.clear()
  await expectProblem(await post(ann, [{ ...task(), description: 'x'.repeat(66_000) }]), 413, 'too-large')
  expect(worker.tap.requests).toEqual([])
})
