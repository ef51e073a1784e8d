import { and, eq, inArray, sql, type Column, type SQL } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Task, TaskState } from '../contract/task.ts'
import type { Db } from '../db/client.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, dbNow } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { matchesReference, AmbiguousTask, type TaskReference } from './task-reference.ts'

/** The versions of a task that a change may start from, as its `updated_at`; absent, any will do. */
export type Precondition = readonly string[] | undefined

/** A time for a change that is later than the one before, however coarse the clock. */
export const nextUpdatedAt = sql`greatest(${dbNow}, ${tasks.updated_at} + interval '1 ms')`

/** A task as callers see it. */
export const taskColumns = {
  id: tasks.id,
  user_id: tasks.user_id,
  title: tasks.title,
  description: tasks.description,
  completed: tasks.completed,
  created_at: tasks.created_at,
  updated_at: tasks.updated_at,
}
export const taskColumnsWithDeletion = { ...taskColumns, deleted_at: tasks.deleted_at }

export const taskNotFound = () => new ProblemError('not-found', 'You have no such task.')

/**
 * The only one of the rows that a task was looked for in.
 * @throws ProblemError `unauthenticated` when the person is gone, `not-found` when there is no such task
 * @throws WhichTask when a mention fits several
 */
export function exactlyOne<Row>(rows: readonly Row[], taskIn: (row: Row) => Task | null): Row {
  const [row] = rows
  if (!row) throw accountDeleted()
  if (taskIn(row) === null) throw taskNotFound()
  if (rows.length > 1) throw new AmbiguousTask(rows.flatMap((one) => taskIn(one) ?? []))
  return row
}

interface Write {
  userId: string
  id: string | TaskReference
  set: PgUpdateSetSource<typeof tasks>
  /** Which states of the task this write changes; others are left as they are. */
  where: SQL
  precondition?: Precondition
}

/**
 * Changes one task of one person in one statement. Tells how the task was and how it is, or undefined for the latter
 * when nothing was changed. The row is locked before it is looked at, so that what is told is what was decided on.
 * @throws ProblemError `unauthenticated` when the person is gone, `not-found` when the task is not theirs
 * @throws WhichTask when a mention fits several tasks; none of them is changed
 */
export async function write(db: Db, { userId, id, set, where, precondition }: Write) {
  const meant = matchesReference(db, userId, id)
  const target = db
    .$with('target')
    .as(db.select(taskColumnsWithDeletion).from(tasks).where(meant).for('update'))
  const allowed = precondition && inArray(target.updated_at, [...precondition])
  const only = typeof id === 'string' ? undefined : sql`(select count(*) from ${target}) = 1`
  const changed = db.$with('changed').as(
    db
      .update(tasks)
      .set({ updated_at: nextUpdatedAt, ...set })
      .from(target)
      .where(and(eq(tasks.id, target.id), where, allowed, only))
      .returning(taskColumnsWithDeletion),
  )
  const rows = await db
    .with(target, changed)
    .select({
      before: columns(target, taskColumnsWithDeletion),
      after: columns(changed, taskColumnsWithDeletion),
    })
    .from(user)
    .leftJoin(target, sql`true`)
    .leftJoin(changed, sql`true`)
    .where(eq(user.id, userId))
  const { before, after } = exactlyOne(rows, (row) => row.before && toTask(row.before))
  return { before: before as TaskState, after: after ?? undefined }
}

/** The columns of a task, read from a part of a statement: `wanted` names which. */
const columns = <Wanted extends keyof TaskState, Part extends Record<Wanted, Column>>(
  part: Part,
  wanted: Record<Wanted, unknown>,
) => Object.fromEntries(Object.keys(wanted).map((name) => [name, part[name as Wanted]])) as Pick<Part, Wanted>

/** A task without the mark of deletion. */
export const toTask = ({ deleted_at: _, ...task }: TaskState): Task => task
