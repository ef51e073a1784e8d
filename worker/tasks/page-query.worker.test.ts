import { eq, isNull } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from '../../tests/support/open-database.ts'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { tasks, user } from '../db/schema.ts'
import { taskColumns, taskColumnsWithDeletion } from './columns.ts'
import { pageQuery } from './page-query.ts'
import { titleMatchesAll, titlePatterns } from './task-reference.ts'

const worker = await startWorker()
const database = openDatabase(worker)
const orderBy = { time: tasks.created_at, direction: 'asc' } as const

test('TASK-100 a row is decoded by the names of its columns, whatever their number and order', async () => {
  const ann = await signUp(worker)
  const scope = { database, userId: ann.id }
  const milk = await ann.addTask('Milk')
  const { deleted_at, ...rest } = taskColumnsWithDeletion
  const reordered = pageQuery({ columns: { ...rest, owner: tasks.user_id, deleted_at }, orderBy })
  expect((await reordered(scope, { limit: 10 })).rows).toEqual([{ ...milk, owner: ann.id, deleted_at: null }])
})

test('TASK-100 a user without tasks has an empty page, a deleted user is refused', async () => {
  const ann = await signUp(worker)
  const list = pageQuery({ columns: taskColumns, orderBy })
  expect(await list({ database, userId: ann.id }, { limit: 10 })).toEqual({ rows: [], now: undefined })
  await database.repeatable.delete(user).where(eq(user.id, ann.id))
  await expect(list({ database, userId: ann.id }, { limit: 10 })).rejects.toMatchObject({
    code: 'unauthenticated',
  })
})

test('TASK-101 each combination of conditions has its own SQL, built once', async () => {
  const ann = await signUp(worker)
  for (const [title, completed] of [
    ['Oat milk', true],
    ['Cow milk', false],
    ['Bread', true],
    ['Butter', false],
  ] as const)
    await ann.addTask(title, { completed })
  const { tasks: newestFirst } = await ann.tasks()
  const [, second] = newestFirst.toReversed()
  const cursor = second && { at: second.created_at, id: second.id }
  const list = pageQuery({
    columns: taskColumns,
    orderBy,
    where: isNull(tasks.deleted_at),
    filters: { completed: (value) => eq(tasks.completed, value), patterns: titleMatchesAll },
  })
  const requests = [
    [{}, 'Oat milk, Cow milk, Bread, Butter'],
    [{ completed: true }, 'Oat milk, Bread'],
    [{ completed: false }, 'Cow milk, Butter'],
    [{ patterns: titlePatterns(['milk']) }, 'Oat milk, Cow milk'],
    [{ completed: true, patterns: titlePatterns(['milk']) }, 'Oat milk'],
    [{ cursor }, 'Bread, Butter'],
    [{ cursor, completed: true }, 'Bread'],
    [{ cursor, patterns: titlePatterns(['b']) }, ''],
    [{ cursor, completed: false, patterns: titlePatterns(['butter']) }, 'Butter'],
  ] as const
  const statements = new Map<string, Set<string>>()
  for (const [request, titles] of [...requests, ...requests.toReversed()]) {
    worker.tap.clear()
    const { rows } = await list({ database, userId: ann.id }, { limit: 10, ...request })
    expect([request, rows.map(({ title }) => title).join(', ')]).toEqual([request, titles])
    const conditions = Object.keys(request).toSorted().join(' ')
    statements.set(conditions, (statements.get(conditions) ?? new Set()).add(worker.tap.requests.join('\n')))
  }
  const distinct = [...statements.values()]
  expect(distinct.map(({ size }) => size)).toEqual(Array<number>(8).fill(1))
  expect(new Set(distinct.flatMap((texts) => [...texts])).size).toBe(8)
})
