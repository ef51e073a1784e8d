import { expect, test } from 'vitest'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import type { TaskChanges, TaskState } from '../contract/task.ts'

const worker = await startWorker()

async function changes(user: TestUser, query = ''): Promise<TaskChanges> {
  return (await (await user.call('GET', `/api/tasks/changes${query}`)).json()) as TaskChanges
}

/** Follows the feed from `since` to its end and keeps the latest version of each task in `known`; returns the last cursor. */
async function follow(
  user: TestUser,
  known: Map<string, TaskState>,
  since?: string,
  limit = 1000,
): Promise<string> {
  for (;;) {
    const page = await changes(user, `?limit=${limit}${since ? `&since=${since}` : ''}`)
    for (const task of page.tasks)
      if (task.updated_at >= (known.get(task.id)?.updated_at ?? '')) known.set(task.id, task)
    since = page.next_since
    if (!page.has_more) return since
  }
}

test('TASK-40 the feed starts with every task, and has a cursor even for an empty list', async () => {
  const ann = await signUp(worker)
  const empty = await changes(ann)
  expect(empty).toMatchObject({ tasks: [], has_more: false })
  const task = await ann.addTask('Milk')
  expect((await changes(ann, `?since=${empty.next_since}`)).tasks).toEqual([{ ...task, deleted_at: null }])
})

test('TASK-40 changes are oldest first, deleted tasks with their time of deletion', async () => {
  const ann = await signUp(worker)
  const [one, two] = [await ann.addTask('One'), await ann.addTask('Two')]
  await ann.call('DELETE', `/api/tasks/${one.id}`)
  const { tasks } = await changes(ann)
  expect(tasks.map((task) => task.title)).toEqual(['Two', 'One'])
  expect(tasks[0]).toEqual({ ...two, deleted_at: null })
  expect(tasks[1]?.deleted_at).toBe(tasks[1]?.updated_at)
  await ann.call('POST', `/api/tasks/${one.id}/restore`)
  expect((await changes(ann)).tasks.at(-1)).toMatchObject({ title: 'One', deleted_at: null })
})

test('TASK-40 following next_since in small pages reaches every task, and ends', async () => {
  const ann = await signUp(worker)
  for (let n = 0; n < 23; n++) await ann.addTask(`Task ${n}`)
  const known = new Map<string, TaskState>()
  const since = await follow(ann, known, undefined, 5)
  expect(known.size).toBe(23)
  const [some] = known.values()
  await ann.call('PATCH', `/api/tasks/${some?.id}`, { title: 'Changed' })
  await ann.addTask('New')
  await follow(ann, known, since, 5)
  expect([...known.values()].map((task) => task.title).filter((title) => !title.startsWith('Task'))).toEqual([
    'Changed',
    'New',
  ])
})

test('TASK-40 changes older than the overlap are not repeated', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Old')
  await querySql(`update tasks set updated_at = now() - interval '1 minute' where user_id = $1`, [ann.id])
  const { next_since } = await changes(ann)
  expect((await changes(ann, `?since=${next_since}`)).tasks).toEqual([])
})

test('TASK-40 a change committed with a time before the cursor is not missed', async () => {
  const ann = await signUp(worker)
  const [late, early] = [await ann.addTask('Late'), await ann.addTask('Early')]
  await querySql(`update tasks set updated_at = now() - interval '1 hour' where user_id = $1`, [ann.id])
  await ann.call('PATCH', `/api/tasks/${early.id}`, { title: 'Early!' })
  const known = new Map<string, TaskState>()
  const since = await follow(ann, known)
  // A write that took its time two seconds ago and commits only now.
  await querySql(`update tasks set title = 'Late!', updated_at = now() - interval '2 s' where id = $1`, [
    late.id,
  ])
  await follow(ann, known, since)
  expect(known.get(late.id)).toMatchObject({ title: 'Late!' })
})

test.each(['since=x', 'since=2026-01-01', 'limit=0'])('TASK-40 the feed refuses %s', async (query) => {
  const ann = await signUp(worker)
  await expectProblem(await ann.call('GET', `/api/tasks/changes?${query}`), 400, 'invalid-input')
})
