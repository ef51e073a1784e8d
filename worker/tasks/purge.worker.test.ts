import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)

test('TASK-32 the cron trigger purges tasks deleted over 30 days ago, and no others', async () => {
  const tasks = await Promise.all(['Kept', 'Young', 'Old'].map((title) => ann.addTask(title)))
  const [kept, young, old] = tasks.map((task) => task.id)
  await querySql(`update tasks set deleted_at = now() - interval '29 days 23 hours' where id = $1`, [young])
  await querySql(`update tasks set deleted_at = now() - interval '30 days 1 hour' where id = $1`, [old])
  await worker.runCron()
  const left = await querySql('select id from tasks where id in ($1, $2, $3)', [kept, young, old])
  expect(left.map((row) => row['id']).toSorted()).toEqual([kept, young].toSorted())
  await expectProblem(await ann.call('POST', `/api/tasks/${old}/restore`), 404, 'not-found')
  expect((await ann.call('POST', `/api/tasks/${young}/restore`)).status).toBe(200)
})

test('TASK-32 a statement purges a thousand tasks at most', async () => {
  await querySql(
    `insert into tasks (id, user_id, title, created_at, updated_at, deleted_at)
     select gen_random_uuid(), $1, 'Task ' || n, now(), now(), now() - interval '31 days'
     from generate_series(1, 2500) n`,
    [ann.id],
  )
  worker.tap.clear()
  await worker.runCron()
  expect(worker.tap.requests.filter(([sql]) => sql?.startsWith('delete from "tasks"'))).toHaveLength(3)
  const [left] = await querySql(`select count(*) from tasks where deleted_at < now() - interval '30 days'`)
  expect(left).toEqual({ count: '0' })
})
