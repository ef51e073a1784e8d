import { and, eq, inArray, isNotNull, isNull, lt, not, sql } from 'drizzle-orm'
import { formatCursor } from '../contract/cursor.ts'
import { RESTORE_DAYS } from '../contract/limits.ts'
import { EDITABLE_FIELDS } from '../contract/task-fields.ts'
import type { NewTask, Task, TaskPage, TaskPatch, TaskQuery, TaskState } from '../contract/task.ts'
import type { Database } from '../db/client.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, type Scope } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { taskColumns, taskColumnsWithDeletion } from './columns.ts'
import { pageQuery } from './page-query.ts'
import { titleMatchesAll, titlePatterns, type TaskReference } from './task-reference.ts'
import {
  exactlyOne,
  nextUpdatedAt,
  ownedTask,
  taskNotFound,
  toTask,
  write,
  type Precondition,
} from './write.ts'

const readListPage = pageQuery({
  columns: taskColumns,
  orderBy: { time: tasks.created_at, direction: 'desc' },
  where: isNull(tasks.deleted_at),
  filters: {
    completed: (value) => eq(tasks.completed, value),
    patterns: titleMatchesAll,
  },
})

/** Returns a page of the user's tasks, newest first; with `words`, of those whose titles contain all of them. */
export async function listTasks(
  scope: Scope,
  { completed, limit, cursor, words = [] }: TaskQuery & { words?: readonly string[] },
): Promise<TaskPage> {
  const patterns = words.length > 0 ? titlePatterns(words) : undefined
  const { rows } = await readListPage(scope, { limit: limit + 1, cursor, completed, patterns })
  return pageOf(rows, limit)
}

/** Returns a page of `limit` tasks; `found` has one more when there is another page. */
export function pageOf(found: readonly Task[], limit: number): TaskPage {
  const last = found.length > limit ? found[limit - 1] : undefined
  return { tasks: found.slice(0, limit), next_cursor: last ? formatCursor(last.created_at, last.id) : null }
}

/**
 * Returns a task of the user that is not deleted.
 * @throws ProblemError `not-found`, also when it is another user's
 * @throws AmbiguousTask when a reference matches several
 */
export async function readTask({ database, userId }: Scope, id: string | TaskReference): Promise<Task> {
  const rows = await database.repeatable
    .select({ task: taskColumns })
    .from(user)
    .leftJoin(tasks, and(ownedTask(userId, id), isNull(tasks.deleted_at)))
    .where(eq(user.id, userId))
  return exactlyOne(rows).task
}

/** The time of an insert, the same wherever the statement uses it. */
const insertTime = sql`date_trunc('milliseconds', now())`

/**
 * Creates a task under `id`. If the user has a task of this id, returns it as it is, with `deleted_at` if it is deleted.
 * @throws ProblemError `conflict` when the id belongs to another user's task
 */
export async function createTask(
  { database, userId }: Scope,
  id: string,
  { id: _, ...fields }: NewTask,
): Promise<{ task: Task & Partial<TaskState>; isNew: boolean }> {
  const rows = await database.repeatable
    .insert(tasks)
    .values({ ...fields, id, user_id: userId, created_at: insertTime, updated_at: insertTime })
    // Setting the id to itself waits for a concurrent insert of the same id, and returns the row that won.
    .onConflictDoUpdate({
      target: tasks.id,
      set: { id: sql`excluded.id` },
      setWhere: eq(tasks.user_id, userId),
    })
    .returning({ ...taskColumnsWithDeletion, isNew: sql<boolean>`(xmax = 0)` })
    .catch((error: unknown) => {
      throw sqlState(error) === FOREIGN_KEY_VIOLATION ? accountDeleted() : error
    })
  const [row] = rows
  if (!row) throw new ProblemError('conflict', 'This id is taken. Make a new UUID for your task.')
  const { isNew, ...stored } = row
  return { task: stored.deleted_at === null ? toTask(stored) : stored, isNew }
}

/** A task before and after a write; `changed` is false when it already was as requested. */
interface Change {
  before: Task
  task: Task
  changed: boolean
}

/**
 * Changes the fields in `patch`. If the task already is as requested, a failed precondition is no error: the request
 * may be a repeat of one whose response was lost (RFC 9110 §13.1.1).
 * @throws ProblemError `not-found`; `precondition-failed` with the current task
 * @throws AmbiguousTask when a reference matches several
 */
export async function updateTask(
  { database, userId }: Scope,
  id: string | TaskReference,
  patch: TaskPatch,
  precondition?: Precondition,
): Promise<Change> {
  const where = isNull(tasks.deleted_at)
  const { before, after } = await write(database.repeatable, { userId, id, set: patch, where, precondition })
  if (before.deleted_at !== null) throw taskNotFound()
  const isAsRequested = EDITABLE_FIELDS.every(
    (field) => patch[field] === undefined || patch[field] === before[field],
  )
  if (!after && !isAsRequested) throw preconditionFailed(before)
  return { before: toTask(before), task: toTask(after ?? before), changed: !isAsRequested }
}

/**
 * Completes an open task, reopens a completed one. The statement is never repeated: a second run would undo the first.
 * @throws ProblemError `not-found`; `precondition-failed` with the current task
 */
export async function toggleTask(
  { database, userId }: Scope,
  id: string,
  precondition?: Precondition,
): Promise<Task> {
  const where = isNull(tasks.deleted_at)
  const set = { completed: not(tasks.completed) }
  const { before, after } = await write(database.once, { userId, id, set, where, precondition })
  if (before.deleted_at !== null) throw taskNotFound()
  if (!after) throw preconditionFailed(before)
  return toTask(after)
}

/**
 * Marks a task as deleted; it can be restored for RESTORE_DAYS days. Deleting it again changes nothing.
 * @throws ProblemError `not-found`; `precondition-failed` with the current task
 * @throws AmbiguousTask when a reference matches several
 */
export async function deleteTask(
  { database, userId }: Scope,
  id: string | TaskReference,
  precondition?: Precondition,
): Promise<Pick<Change, 'task' | 'changed'>> {
  const where = isNull(tasks.deleted_at)
  const set = { deleted_at: nextUpdatedAt }
  const { before, after } = await write(database.repeatable, { userId, id, set, where, precondition })
  if (!after && before.deleted_at === null) throw preconditionFailed(before)
  return { task: toTask(after ?? before), changed: after !== undefined }
}

/**
 * Restores a deleted task, with the state and the place in the list that it had. One that is not deleted stays as it is.
 * @throws ProblemError `not-found`, also when it has been purged
 */
export async function restoreTask({ database, userId }: Scope, id: string): Promise<Task> {
  const where = isNotNull(tasks.deleted_at)
  const { before, after } = await write(database.repeatable, { userId, id, set: { deleted_at: null }, where })
  return toTask(after ?? before)
}

/** Tasks that one statement purges: few enough to finish long before the statement times out. */
const PURGE_BATCH = 1_000

/** Deletes every user's tasks that were marked as deleted more than RESTORE_DAYS days ago. */
export async function purgeTasks({ repeatable: db }: Database): Promise<void> {
  const isExpired = lt(tasks.deleted_at, sql`now() - make_interval(days => ${RESTORE_DAYS})`)
  const batch = db.select({ id: tasks.id }).from(tasks).where(isExpired).limit(PURGE_BATCH)
  for (let purged = PURGE_BATCH; purged === PURGE_BATCH;) {
    // The condition again, on the row itself: it may have been restored since it was selected.
    const { rowCount } = await db.delete(tasks).where(and(inArray(tasks.id, batch), isExpired))
    purged = rowCount
  }
}

const preconditionFailed = (task: TaskState) =>
  new ProblemError(
    'precondition-failed',
    'The task has changed since the version in If-Match. Read it and try again.',
    { task: toTask(task) },
  )
