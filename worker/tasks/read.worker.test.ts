import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import type { Task, TaskPage } from '../contract/task.ts'

const worker = await startWorker()

const titles = (page: TaskPage) => page.tasks.map((task) => task.title)

/** Reads all pages by next_cursor. */
async function everyPage(user: TestUser, query: string): Promise<Task[]> {
  const all: Task[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: TaskPage = await user.tasks(`${query}${cursor && `&cursor=${cursor}`}`)
    all.push(...page.tasks)
    cursor = page.next_cursor
  }
  return all
}

test('TASK-10 the list has only own tasks, newest first: all, open or completed', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  expect(await ann.tasks()).toEqual({ tasks: [], next_cursor: null })
  await ann.addTask('One')
  await ann.addTask('Two', { completed: true })
  const gone = await ann.addTask('Gone')
  await ann.addTask('Three')
  await bob.addTask('Other')
  await ann.call('DELETE', `/api/tasks/${gone.id}`)
  expect(titles(await ann.tasks())).toEqual(['Three', 'Two', 'One'])
  expect(titles(await ann.tasks('?completed=true'))).toEqual(['Two'])
  expect(titles(await ann.tasks('?completed=false'))).toEqual(['Three', 'One'])
})

test('TASK-11 pages have every task once, also while tasks are added', async () => {
  const ann = await signUp(worker)
  for (let n = 0; n < 25; n++) await ann.addTask(`Task ${n}`)
  expect((await everyPage(ann, '?limit=10')).map((task) => task.title)).toEqual(
    Array.from({ length: 25 }, (_, n) => `Task ${24 - n}`),
  )
  const first = await ann.tasks('?limit=10')
  await ann.addTask('Meanwhile')
  const second = await ann.tasks(`?limit=20&cursor=${first.next_cursor}`)
  expect(titles(first)).toEqual(Array.from({ length: 10 }, (_, n) => `Task ${24 - n}`))
  expect(titles(second)).toEqual(Array.from({ length: 15 }, (_, n) => `Task ${14 - n}`))
  expect(second.next_cursor).toBeNull()
  expect((await ann.tasks('?limit=26')).next_cursor).toBeNull()
})

test('TASK-11 the Link header leads to the next page and keeps the query', async () => {
  const ann = await signUp(worker)
  for (const title of ['One', 'Two', 'Three']) await ann.addTask(title)
  const page = await ann.call('GET', '/api/tasks?completed=false&limit=2')
  const next = /^<(.+)>; rel="next"$/.exec(page.headers.get('Link') ?? '')?.[1] ?? ''
  const rest = await ann.call('GET', next)
  expect(titles((await rest.json()) as TaskPage)).toEqual(['One'])
  expect(rest.headers.get('Link')).toBeNull()
})

test('TASK-11 tasks with the same time are ordered by id', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Task ' || n, false, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'
     from generate_series(1, 60) n`,
    [ann.id],
  )
  const all = await everyPage(ann, '?limit=7')
  expect(new Set(all.map((task) => task.id)).size).toBe(60)
  expect(all).toHaveLength(60)
})

test.each([
  'limit=0',
  'limit=1001',
  'limit=1.5',
  'limit=x',
  'completed=maybe',
  'cursor=x',
  'cursor=2026-13-41T00:00:00.000Z_0199a1b2-3c4d-7e8f-9012-3456789abcde',
])('TASK-11 the list refuses %s with a reason', async (query) => {
  const ann = await signUp(worker)
  worker.tap.clear()
  const problem = await expectProblem(await ann.call('GET', `/api/tasks?${query}`), 400, 'invalid-input')
  expect(problem.errors?.[0]?.field).toBe(query.split('=')[0])
  expect(worker.tap.requests).toEqual([])
})

test('TASK-12 a task is read by its id; any other text is 404 without a statement', async () => {
  const ann = await signUp(worker)
  const task = await ann.addTask('Milk')
  const response = await ann.call('GET', `/api/tasks/${task.id.toUpperCase()}`)
  expect(await response.json()).toEqual(task)
  expect(response.headers.get('ETag')).toBe(`"${task.updated_at}"`)
  await expectProblem(await ann.call('GET', `/api/tasks/${randomUUID()}`), 404, 'not-found')
  worker.tap.clear()
  for (const id of ['7', '%00', 'x'.repeat(300), "' or 1=1", '99999999999', `${task.id}x`])
    await expectProblem(await ann.call('GET', `/api/tasks/${encodeURIComponent(id)}`), 404, 'not-found')
  expect(worker.tap.requests).toEqual([])
})

test('TASK-13 a page deep in a very long list is read from an index, without a sort', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Task ' || n, n % 3 = 0, now() - n * interval '1 s', now() - n * interval '1 s'
     from generate_series(1, 20000) n`,
    [ann.id],
  )
  await querySql('analyze tasks')
  const first = await ann.tasks('?limit=1000')
  for (const query of [`limit=50&cursor=${first.next_cursor}`, 'limit=50', 'limit=50&completed=true']) {
    const plan = await planOf(() => ann.tasks(`?${query}`))
    expect(plan).toMatch(/Limit[^]*Index Scan Backward using tasks_newest/)
    // Only the page may be sorted, not the list.
    expect(plan).not.toMatch(/Limit[^]*Sort[^]*using tasks_newest|Seq Scan on tasks|Bitmap/)
  }
  const feed = await planOf(() => ann.call('GET', '/api/tasks/changes?limit=50'))
  expect(feed).toMatch(/Limit[^]*Index Scan using tasks_changes/)
  expect(feed).not.toMatch(/Limit[^]*Sort[^]*using tasks_changes|Seq Scan on tasks|Bitmap/)
})

/** Returns the plan of the statement that `run` sends, as EXPLAIN prints it. */
async function planOf(run: () => Promise<unknown>): Promise<string> {
  worker.tap.clear()
  await run()
  const [asked] = worker.tap.statements
  const lines = await querySql(`explain ${asked?.query}`, asked?.params)
  return lines.map((line) => line['QUERY PLAN']).join('\n')
}
