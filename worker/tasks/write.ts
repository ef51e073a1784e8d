import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Task, TaskState } from '../contract/task.ts'
import type { Db } from '../db/client.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, dbNow } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { taskColumnsOf, taskColumnsWithDeletion } from './columns.ts'
import { AmbiguousTask, bestMatches, type TaskReference } from './task-reference.ts'

/** The versions, as `updated_at`, of which a task must have one to be written; undefined allows any. */
export type Precondition = readonly string[] | undefined

/** A time later than the version before, however coarse the clock. */
export const nextUpdatedAt = sql`greatest(${dbNow}, ${tasks.updated_at} + interval '1 ms')`

export const taskNotFound = () => new ProblemError('not-found', 'You have no such task.')

/** The condition for the user's task of this id, or for those that a reference matches best. */
export const ownedTask = (userId: string, which: string | TaskReference): SQL | undefined =>
  and(
    typeof which === 'string' ? eq(tasks.id, which) : inArray(tasks.id, bestMatches(userId, which)),
    eq(tasks.user_id, userId),
  )

/**
 * Returns the only row of a query that joins a user with the tasks that were looked for.
 * @throws ProblemError `unauthenticated` when the account has been deleted, `not-found` when there is no such task
 * @throws AmbiguousTask when a reference matches several
 */
export function exactlyOne<Found extends Task, Row extends { task: Found | null }>(
  rows: readonly Row[],
): Row & { task: NonNullable<Row['task']> } {
  const [row] = rows
  if (!row) throw accountDeleted()
  const { task } = row
  if (task === null) throw taskNotFound()
  if (rows.length > 1) throw new AmbiguousTask(rows.flatMap((one) => one.task ?? []))
  return { ...row, task }
}

interface Write {
  userId: string
  id: string | TaskReference
  set: PgUpdateSetSource<typeof tasks>
  /** The states in which the task is changed; in any other it stays as it is. */
  where: SQL
  precondition?: Precondition
}

/**
 * Changes one task of a user in one statement. Returns the task `before` and `after`, the latter undefined when nothing
 * was changed. The row is locked before it is read, so `before` is the state that the decision was made on.
 * @throws ProblemError `unauthenticated` when the account has been deleted, `not-found` when the user has no such task
 * @throws AmbiguousTask when a reference matches several tasks; none of them is changed
 */
export async function write(
  db: Db,
  { userId, id, set, where, precondition }: Write,
): Promise<{ before: TaskState; after: TaskState | undefined }> {
  const target = db
    .$with('target')
    .as(db.select(taskColumnsWithDeletion).from(tasks).where(ownedTask(userId, id)).for('update'))
  const hasVersion = precondition && inArray(target.updated_at, [...precondition])
  const isOnly = typeof id === 'string' ? undefined : sql`(select count(*) from ${target}) = 1`
  const changed = db.$with('changed').as(
    db
      .update(tasks)
      .set({ updated_at: nextUpdatedAt, ...set })
      .from(target)
      .where(and(eq(tasks.id, target.id), where, hasVersion, isOnly))
      .returning(taskColumnsWithDeletion),
  )
  const rows = await db
    .with(target, changed)
    .select({ task: taskColumnsOf(target), after: taskColumnsOf(changed) })
    .from(user)
    .leftJoin(target, sql`true`)
    .leftJoin(changed, sql`true`)
    .where(eq(user.id, userId))
  const { task, after } = exactlyOne(rows)
  return { before: task, after: after ?? undefined }
}

/** Returns a task without its time of deletion. */
export const toTask = ({ deleted_at: _, ...task }: TaskState): Task => task
