import { afterEach, expect, test } from 'vitest'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { TaskExport } from '../contract/transfer.ts'

const worker = await startWorker()
afterEach(() => worker.tap.mend())

const exportTasks = async (user: TestUser) =>
  TaskExport.parse(await (await user.call('GET', '/api/tasks/export')).json())

/** Inserts `count` tasks, a second apart, each third one deleted. */
const fill = (user: TestUser, count: number) =>
  querySql(
    `insert into tasks (id, user_id, title, created_at, updated_at, deleted_at)
     select gen_random_uuid(), $1, 'Task ' || n, '2026-01-01Z'::timestamptz + n * interval '1 s', now(),
       case when n % 3 = 0 then now() end from generate_series(1, $2::int) n`,
    [user.id, count],
  )

test('TASK-60 an export has every task of the user, completed and deleted ones included, oldest first', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  await bob.addTask('Secret of Bob')
  const open = await ann.addTask('Open', { description: 'With "words",\nin lines' })
  const done = await ann.addTask('Done', { completed: true })
  const deleted = await ann.addTask('Deleted')
  await ann.call('DELETE', `/api/tasks/${deleted.id}`)
  const response = await ann.call('GET', '/api/tasks/export')
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Type')).toContain('application/json')
  const day = new Date().toISOString().slice(0, 10)
  expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="margin-tasks-${day}.json"`)
  const { tasks, ...head } = TaskExport.parse(await response.json())
  expect(head).toMatchObject({ format: 'margin-tasks', version: 1 })
  expect(tasks.map(({ id }) => id)).toEqual([open.id, done.id, deleted.id])
  expect(tasks.slice(0, 2)).toEqual([open, done].map((task) => ({ ...task, deleted_at: null })))
  expect(tasks[2]?.deleted_at).toMatch(/Z$/)
  await expectProblem(await ann.call('GET', '/api/tasks/export?format=xml'), 400, 'invalid-input')
})

test('TASK-60 an export may have no tasks', async () => {
  expect((await exportTasks(await signUp(worker))).tasks).toEqual([])
})

test('TASK-61 CSV opens in a spreadsheet without running formulas', async () => {
  const ann = await signUp(worker)
  const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1']
  for (const title of ['Plain', 'With "words", and commas', ...dangerous])
    await ann.addTask(title, { description: 'two\nlines' })
  const response = await ann.call('GET', '/api/tasks/export?format=csv')
  expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  expect(response.headers.get('Content-Disposition')).toMatch(/margin-tasks-\d{4}-\d\d-\d\d\.csv"$/)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
  const [head, plain, quoted, ...rest] = text.split('\r\n')
  expect(head).toBe('\uFEFFid,title,description,completed,created_at,updated_at,deleted_at')
  expect(plain).toMatch(/^[0-9a-f-]{36},Plain,"two\nlines",false,[\dT:.-]+Z,[\dT:.-]+Z,$/)
  expect(quoted).toContain(',"With ""words"", and commas","two\nlines",false,')
  expect(rest.map((line) => line.split(',')[1])).toEqual([
    ...dangerous.map((title) => `"'${title}"`),
    undefined,
  ])
})

test('TASK-62 an export takes one statement per 1,000 tasks and has each task once', async () => {
  const ann = await signUp(worker)
  await fill(ann, 2_500)
  const { text, statements, response } = await costOf(worker, () => ann.call('GET', '/api/tasks/export'))
  const { tasks } = TaskExport.parse(JSON.parse(text))
  expect(statements).toEqual([1, 1, 1])
  expect(response.headers.get('Server-Timing')).toMatch(/desc="1"$/)
  expect(tasks.map(({ title }) => title)).toEqual(Array.from({ length: 2_500 }, (_, n) => `Task ${n + 1}`))
  const csv = await (await ann.call('GET', '/api/tasks/export?format=csv')).text()
  expect(csv.trimEnd().split('\r\n')).toHaveLength(2_501)
})

test('TASK-62 an export that cannot start is 503; one that fails later is aborted', async () => {
  const ann = await signUp(worker)
  await fill(ann, 2_500)
  worker.tap.break(() => ({ status: 500 }))
  await expectProblem(await ann.call('GET', '/api/tasks/export'), 503, 'database-away')
  for (const format of ['json', 'csv']) {
    worker.tap.break((n) => (n === 0 ? 'pass' : { status: 500 }))
    const whole = ann.call('GET', `/api/tasks/export?format=${format}`).then((response) => response.text())
    await expect(whole).rejects.toThrow('terminated')
  }
  expect(worker.logs()).toContain('Neon answered 500')
  expectNoLeak(worker.logs())
})
