import { expect, test } from 'vitest'
import * as z from 'zod'
import { signUp, type Person } from '../../tests/support/people.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import type { Task } from '../contract/task.ts'
import type { ToolTask } from '../contract/tool.ts'
import { connect } from '../db/client.ts'
import { Settings } from '../settings.ts'
import { tools } from './tools.ts'

const worker = await startWorker()
const database = connect(
  Settings.parse({
    DATABASE_URL: 'postgres://margin:margin@localhost/margin',
    NEON_FETCH_ENDPOINT: worker.tap.url,
    BETTER_AUTH_SECRET: 'x'.repeat(32),
    BETTER_AUTH_URL: 'http://localhost:8787',
  }),
)

type Outcome = { status: string; task: ToolTask } & { tasks: ToolTask[]; next_cursor: string | null }

/** Runs a tool for somebody; whatever it puts out fits its own schema. */
async function run(person: Person, name: string, input: unknown) {
  const tool = tools.find((one) => one.name === name)
  if (!tool) throw new Error(`no tool ${name}`)
  worker.tap.clear()
  const result = await tool.run({ database, userId: person.id }, input)
  const statements = worker.tap.requests.map((texts) => texts.length)
  return { ...result, statements, output: result.ok ? tool.output.strict().parse(result.output) : undefined }
}

async function done(person: Person, name: string, input: unknown) {
  const result = await run(person, name, input)
  if (!result.ok) throw new Error(result.error.message)
  expect(result.statements).toEqual([1])
  return { ...(result.output as unknown as Outcome), undo: result.undo }
}

async function refused(person: Person, name: string, input: unknown) {
  const result = await run(person, name, input)
  if (result.ok) throw new Error(`${name} took it`)
  expect(result.error.message).not.toMatch(/ZodError|"path"|invalid_type|select|insert/)
  return { ...result.error, statements: result.statements }
}

/** Does what an `undo` says, as a caller of the API would. */
async function takeBack(person: Person, undo: Awaited<ReturnType<typeof done>>['undo']) {
  if (!undo) throw new Error('there is nothing to take back')
  const { method, path, body, if_match } = undo
  return person.call(method, path, body, if_match === undefined ? {} : { 'If-Match': if_match })
}

const read = async (person: Person, { id }: { id: string }) =>
  (await (await person.call('GET', `/api/tasks/${id}`)).json()) as Task

test('CHAT-1 there are five tools, told in under 2,000 tokens, and none can be sent a user', () => {
  expect(tools.map(({ name, effect, requiredScope: scope }) => [name, effect, scope])).toEqual([
    ['add_task', 'adds', 'tasks:write'],
    ['list_tasks', 'reads', 'tasks:read'],
    ['complete_task', 'changes', 'tasks:write'],
    ['update_task', 'changes', 'tasks:write'],
    ['delete_task', 'deletes', 'tasks:write'],
  ])
  const told = tools.map(({ name, description, input, output }) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output),
  }))
  // English and JSON take about four characters a token.
  expect(JSON.stringify(told).length / 4).toBeLessThan(1_700)
  expect(JSON.stringify(told)).not.toContain('user')
})

test('CHAT-1 each tool does what the API does, for the person it runs for, in one statement', async () => {
  const ann = await signUp(worker)
  const { task } = await done(ann, 'add_task', { title: ' Buy milk ', description: 'Two litres' })
  expect(await read(ann, task)).toMatchObject({ ...task, user_id: ann.id, title: 'Buy milk' })
  expect((await done(ann, 'list_tasks', {})).tasks).toEqual([task])
  expect(await done(ann, 'complete_task', { task: task.id })).toMatchObject({ status: 'completed' })
  expect((await done(ann, 'list_tasks', { status: 'pending' })).tasks).toEqual([])
  expect((await done(ann, 'list_tasks', { status: 'completed' })).tasks).toHaveLength(1)
  expect(await done(ann, 'complete_task', { task: task.id, completed: false })).toMatchObject({
    status: 'reopened',
  })
  const updated = await done(ann, 'update_task', { task: task.id, title: 'Oat milk', description: null })
  expect(updated.task).toMatchObject({ title: 'Oat milk', description: null })
  expect(await done(ann, 'delete_task', { task: task.id })).toMatchObject({ status: 'deleted' })
  expect((await done(ann, 'list_tasks', {})).tasks).toEqual([])
})

test('CHAT-1 a forged user id is overlooked', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const forged = { user_id: ann.id, userId: ann.id }
  const { task } = await done(bob, 'add_task', { title: 'Mine', ...forged })
  expect(await read(bob, task)).toMatchObject({ user_id: bob.id })
  expect((await done(bob, 'list_tasks', forged)).tasks).toHaveLength(1)
  expect((await ann.tasks()).tasks).toEqual([])
})

test("CHAT-2 no tool reaches another's task, by id or by words", async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const secret = await ann.addTask('Secret of Ann')
  for (const task of [secret.id, 'Secret of Ann', 'secret'])
    for (const [name, more] of [
      ['complete_task', {}],
      ['update_task', { title: 'Stolen' }],
      ['delete_task', {}],
    ] as const) {
      const error = await refused(bob, name, { task, ...more })
      expect(error).toMatchObject({ code: 'not-found', statements: [1] })
      expect(JSON.stringify(error)).not.toContain('Secret')
    }
  expect((await done(bob, 'list_tasks', { words: 'secret' })).tasks).toEqual([])
  expect(await read(ann, secret)).toEqual(secret)
})

test('CHAT-3 a task can be meant by words of its title, in any case and order', async () => {
  const ann = await signUp(worker)
  for (const title of ['Buy milk', 'Call Ann about 50% off_now', 'Ölwechsel fürs Auto'])
    await ann.addTask(title)
  for (const [said, title] of [
    ['milk', 'Buy milk'],
    ['the milk one', 'Buy milk'],
    ['“Buy Milk”', 'Buy milk'],
    ['my task called buy milk.', 'Buy milk'],
    ['milk buy', 'Buy milk'],
    ['call ann', 'Call Ann about 50% off_now'],
    ['50% off_now', 'Call Ann about 50% off_now'],
    ['ÖLWECHSEL', 'Ölwechsel fürs Auto'],
  ])
    expect((await done(ann, 'update_task', { task: said, description: said })).task).toMatchObject({
      title,
      description: said,
    })
  for (const said of ['m_lk', 'm%k', 'bread', "' or 1=1"])
    expect(await refused(ann, 'complete_task', { task: said })).toMatchObject({ code: 'not-found' })
})

test('CHAT-3 a word is meant from its beginning, a number and a short word whole', async () => {
  const ann = await signUp(worker)
  const titles = [
    'Call Graham',
    'Buy 10 eggs',
    'Ölwechsel',
    'C++ (draft) [x] a|b $5 ^2',
    'Ann’s 👋',
    '买牛奶',
  ]
  for (const title of titles) await ann.addTask(title)
  for (const said of [
    'ham',
    '1',
    '0',
    'gg',
    'lwechsel',
    'eg',
    '.*',
    '(',
    'c.+',
    '\\w',
    'x|eggs',
    '???',
    'the',
  ])
    expect(await refused(ann, 'complete_task', { task: said })).toMatchObject({ code: 'not-found' })
  for (const [said, title] of [
    ['gra', 'Call Graham'],
    ['egg', 'Buy 10 eggs'],
    ['10', 'Buy 10 eggs'],
    ['ölw', 'Ölwechsel'],
    ['c++', 'C++ (draft) [x] a|b $5 ^2'],
    ['a|b', 'C++ (draft) [x] a|b $5 ^2'],
    ['[x] $5 ^2', 'C++ (draft) [x] a|b $5 ^2'],
    ["ann's", 'Ann’s 👋'],
    ['👋', 'Ann’s 👋'],
    ['牛奶', '买牛奶'],
  ]) {
    expect((await done(ann, 'update_task', { task: said, description: said })).task).toMatchObject({ title })
    expect((await done(ann, 'list_tasks', { words: said })).tasks.map((one) => one.title)).toEqual([title])
  }
})

test('CHAT-3 words that could be said of any task mean a title that is just that', async () => {
  const ann = await signUp(worker)
  await ann.addTask('The one and only task')
  for (const said of ['the one', 'task', 'a'])
    expect(await refused(ann, 'complete_task', { task: said })).toMatchObject({ code: 'not-found' })
  await ann.addTask('The one')
  expect((await done(ann, 'complete_task', { task: 'the one' })).task).toMatchObject({ title: 'The one' })
})

test('CHAT-3 words that fit several tasks come back as a question, and nothing is changed', async () => {
  const ann = await signUp(worker)
  const [oat, cow] = [await ann.addTask('Buy oat milk'), await ann.addTask('Buy cow milk')]
  for (const [name, more] of [
    ['complete_task', {}],
    ['update_task', { title: 'x' }],
    ['delete_task', {}],
  ] as const) {
    const error = await refused(ann, name, { task: 'milk', ...more })
    expect(error.code).toBe('which-task')
    expect(error.candidates).toEqual([
      { id: cow.id, title: 'Buy cow milk', completed: false },
      { id: oat.id, title: 'Buy oat milk', completed: false },
    ])
    expect(error.message).toContain('Buy cow milk')
  }
  expect((await ann.tasks()).tasks).toEqual([cow, oat])
})

test('CHAT-3 a title said in full, or a state that alone can be meant, is no question', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Milk', { completed: true })
  await ann.addTask('Milk for Ann')
  const open = await ann.addTask('Bread')
  await ann.addTask('Bread', { completed: true })
  expect(await done(ann, 'update_task', { task: 'milk', description: 'x' })).toMatchObject({
    task: { title: 'Milk' },
  })
  expect(await done(ann, 'complete_task', { task: 'bread' })).toMatchObject({ task: { id: open.id } })
})

test('CHAT-4 the same idempotency key adds a task once, also at the same moment', async () => {
  const ann = await signUp(worker)
  const add = () => run(ann, 'add_task', { title: 'Milk', idempotency_key: 'turn-1' })
  const results = await Promise.all([add(), add(), add()])
  const outcomes = results.map((result) => (result.ok ? (result.output as unknown as Outcome) : undefined))
  expect(outcomes.map((outcome) => outcome?.status).toSorted()).toEqual(['created', 'exists', 'exists'])
  expect((await ann.tasks()).tasks).toHaveLength(1)
  await done(ann, 'delete_task', { task: 'milk' })
  expect(await done(ann, 'add_task', { title: 'Milk', idempotency_key: 'turn-1' })).toMatchObject({
    status: 'deleted',
    undo: undefined,
  })
})

test('CHAT-4 a task that has changed since it was seen is not updated over', async () => {
  const ann = await signUp(worker)
  const seen = await ann.addTask('Milk')
  await ann.call('PATCH', `/api/tasks/${seen.id}`, { title: 'Oat milk' })
  const update = { task: seen.id, title: 'Soy milk', expected_updated_at: seen.updated_at }
  const error = await refused(ann, 'update_task', update)
  expect(error.code).toBe('precondition-failed')
  expect(error.message).toContain('Oat milk')
  const { updated_at } = await read(ann, seen)
  expect(await done(ann, 'update_task', { ...update, expected_updated_at: updated_at })).toMatchObject({
    status: 'updated',
  })
})

/** A time that has the form of one: Postgres has no year 0. */
const NEVER = '0000-01-01T00:00:00.000Z'

test.each([
  ['add_task', {}, 'title: The title must be text.'],
  ['add_task', { title: '  ' }, 'The title must not be empty.'],
  ['add_task', { title: 'x'.repeat(201) }, 'limited to 200 characters; this one has 201'],
  ['add_task', null, 'title: The title must be text.'],
  ['add_task', 'milk', 'The call cannot be used.'],
  ['list_tasks', { status: 'open' }, '`status` is all, pending or completed.'],
  ['list_tasks', { limit: 1_000 }, '`limit` is at most 200.'],
  ['complete_task', {}, 'the id of a task, or words of its title'],
  ['complete_task', { task: 7 }, 'the id of a task, or words of its title'],
  ['complete_task', { task: 'x', completed: 'yes' }, '`completed` must be true or false.'],
  ['update_task', { task: 'x' }, 'Send a new title, a new description or both.'],
  ['update_task', { task: 'x', title: 'y', expected_updated_at: 'now' }, '`expected_updated_at` is'],
  ['update_task', { task: 'x', title: 'y', expected_updated_at: NEVER }, '`expected_updated_at` is'],
  ['list_tasks', { cursor: `${NEVER}_0199a1b2-3c4d-7e8f-9012-3456789abcde` }, 'This cursor is not valid.'],
  ['delete_task', { task: '' }, '`task` must not be empty'],
])(
  'CHAT-5 %s of %o is refused in words that can be mended, without a statement',
  async (name, input, words) => {
    const ann = await signUp(worker)
    const error = await refused(ann, name, input)
    expect(error).toMatchObject({ code: 'invalid-input', statements: [] })
    expect(error.message).toContain(words)
  },
)

test('CHAT-5 a database that is away, or refuses, is told of in words that give nothing away', async () => {
  const ann = await signUp(worker)
  worker.tap.break(() => ({ sqlstate: '42P01' }))
  expect(await refused(ann, 'add_task', { title: 'Milk' })).toMatchObject({ code: 'internal' })
  worker.tap.break(() => ({ status: 400, body: '{"message":"secret words"}' }))
  const error = await refused(ann, 'list_tasks', {})
  expect(error).toMatchObject({ code: 'database-away' })
  expect(error.message).not.toContain('secret')
  worker.tap.mend()
})

test('CHAT-6 every write tells how to take it back, and that does', async () => {
  const ann = await signUp(worker)
  const added = await done(ann, 'add_task', { title: 'Milk', description: 'One' })
  const changed = await done(ann, 'update_task', { task: 'milk', title: 'Bread', description: 'Two' })
  expect((await takeBack(ann, changed.undo)).status).toBe(200)
  expect(await read(ann, added.task)).toMatchObject({ title: 'Milk', description: 'One' })
  const completed = await done(ann, 'complete_task', { task: 'milk' })
  expect(await (await takeBack(ann, completed.undo)).json()).toMatchObject({ completed: false })
  const deleted = await done(ann, 'delete_task', { task: 'milk' })
  expect(await (await takeBack(ann, deleted.undo)).json()).toMatchObject({ id: added.task.id })
  const again = await done(ann, 'add_task', { title: 'Mistake' })
  expect((await takeBack(ann, again.undo)).status).toBe(204)
  expect((await ann.tasks()).tasks.map(({ title }) => title)).toEqual(['Milk'])
})

test('CHAT-6 what changed nothing has nothing to take back, and what was changed since is not lost', async () => {
  const ann = await signUp(worker)
  const { undo } = await done(ann, 'add_task', { title: 'Milk' })
  await done(ann, 'complete_task', { task: 'milk' })
  expect(await done(ann, 'complete_task', { task: 'milk' })).toMatchObject({
    status: 'unchanged',
    undo: undefined,
  })
  expect(await done(ann, 'update_task', { task: 'milk', title: 'Milk' })).toMatchObject({
    status: 'unchanged',
    undo: undefined,
  })
  expect((await takeBack(ann, undo)).status).toBe(412)
  const { task } = await done(ann, 'delete_task', { task: 'milk' })
  expect(await done(ann, 'delete_task', { task: task.id })).toMatchObject({ status: 'unchanged' })
})

test('CHAT-1 a long list comes in pages, with long descriptions cut short', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, description, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Task ' || n, repeat('🥛', 300), false, now() + n * interval '1 s', now()
     from generate_series(1, 60) n`,
    [ann.id],
  )
  const first = await done(ann, 'list_tasks', {})
  expect(first.tasks.map(({ title }) => title)).toEqual(
    Array.from({ length: 50 }, (_, n) => `Task ${60 - n}`),
  )
  expect(first.tasks[0]?.description).toBe(`${'🥛'.repeat(200)}…`)
  const rest = await done(ann, 'list_tasks', { cursor: first.next_cursor })
  expect(rest.tasks).toHaveLength(10)
  expect((await done(ann, 'list_tasks', { words: 'task 17' })).tasks).toHaveLength(1)
})
