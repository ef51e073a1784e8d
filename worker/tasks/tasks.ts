import { and, desc, eq, inArray, isNotNull, isNull, lt, not, sql } from 'drizzle-orm'
import { formatCursor } from '../contract/cursor.ts'
import { RESTORE_DAYS } from '../contract/limits.ts'
import type { NewTask, Task, TaskPage, TaskPatch, TaskQuery, TaskState } from '../contract/task.ts'
import type { Database } from '../db/client.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, type Scope } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { keysetCondition } from './cursor.ts'
import { titleContainsAll, matchesReference, type TaskReference } from './task-reference.ts'
import { userIdParam, readPage } from './page-query.ts'
import {
  nextUpdatedAt,
  taskNotFound,
  taskColumns,
  taskColumnsWithDeletion,
  exactlyOne,
  toTask,
  write,
  type Precondition,
} from './write.ts'

/** The moment a task is made, the same wherever the statement names it. */
const insertTime = sql`date_trunc('milliseconds', now())`

/** A page of the person's tasks, newest first; with `words`, of those whose titles hold all of them. */
export async function listTasks(
  scope: Scope,
  query: TaskQuery & { words?: readonly string[] },
): Promise<TaskPage> {
  const { completed, limit, cursor, words = [] } = query
  // Words are part of the SQL, which is then put together each time.
  const shape = words.length > 0 ? undefined : `list ${completed !== undefined} ${cursor !== undefined}`
  const build = () => ({
    page: scope.database.repeatable
      .select(taskColumns)
      .from(tasks)
      .where(
        and(
          eq(tasks.user_id, userIdParam),
          isNull(tasks.deleted_at),
          completed === undefined ? undefined : eq(tasks.completed, sql.placeholder('completed')),
          cursor && keysetCondition('older', tasks.created_at),
          titleContainsAll(words),
        ),
      )
      .orderBy(desc(tasks.created_at), desc(tasks.id))
      .limit(sql.placeholder('limit'))
      .as('page'),
    order: sql`page.created_at desc, page.id desc`,
  })
  const values = { completed, limit: limit + 1, ...cursor }
  const { tasks: found } = await readPage<Task>(scope, shape, build, values)
  return pageOf(found, limit)
}

/** A page of what was found, which is one more when there is another page. */
export function pageOf(found: readonly Task[], limit: number): TaskPage {
  const last = found.length > limit ? found[limit - 1] : undefined
  return { tasks: found.slice(0, limit), next_cursor: last ? formatCursor(last.created_at, last.id) : null }
}

/**
 * @throws ProblemError `not-found`, also when the task is somebody else's
 * @throws WhichTask when a mention fits several
 */
export async function readTask({ database, userId }: Scope, id: string | TaskReference): Promise<Task> {
  const db = database.repeatable
  const rows = await db
    .select(taskColumns)
    .from(user)
    .leftJoin(tasks, and(matchesReference(db, userId, id), isNull(tasks.deleted_at)))
    .where(eq(user.id, userId))
  return exactlyOne(rows as (Task | Nobody)[], (row) => (row.id === null ? null : row)) as Task
}

/** The row of a person that no task was found for. */
type Nobody = { id: null }

/**
 * Adds a task under `id`; when it is there already, answers with it as it is now (`deleted_at` set if it was deleted).
 * @throws ProblemError `conflict` when the id belongs to somebody else
 */
export async function createTask(
  { database, userId }: Scope,
  id: string,
  { title, description = null, completed }: NewTask,
): Promise<{ task: Task & Partial<TaskState>; isNew: boolean }> {
  const rows = await database.repeatable
    .insert(tasks)
    .values({
      id,
      user_id: userId,
      title,
      description,
      completed,
      created_at: insertTime,
      updated_at: insertTime,
    })
    // Setting the id to itself waits for a twin at the same moment and returns the row that won.
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

/** A task before and after a write; `changed` is false when it was as asked already. */
interface Change {
  before: Task
  task: Task
  changed: boolean
}

/**
 * Changes what `patch` names. A repeat of a change whose answer was lost is not refused for its precondition when the
 * task already is as asked (RFC 9110 §13.1.1).
 * @throws ProblemError `not-found`; `precondition-failed` with the task as it is
 * @throws WhichTask when a mention fits several
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
  const isAsAsked = Object.entries(patch).every(
    ([field, value]) => before[field as keyof TaskPatch] === value,
  )
  if (!after && !isAsAsked) throw changedSince(before)
  return { before: toTask(before), task: toTask(after ?? before), changed: !isAsAsked }
}

/**
 * Turns completed into open and open into completed, on the row itself. Never repeated: twice is not at all.
 * @throws ProblemError `not-found`; `precondition-failed` with the task as it is
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
  if (!after) throw changedSince(before)
  return toTask(after)
}

/**
 * Marks a task as deleted; it can be restored for RESTORE_DAYS days. Deleting it again changes nothing.
 * @throws ProblemError `not-found`; `precondition-failed` with the task as it is
 * @throws WhichTask when a mention fits several
 */
export async function deleteTask(
  { database, userId }: Scope,
  id: string | TaskReference,
  precondition?: Precondition,
): Promise<Pick<Change, 'task' | 'changed'>> {
  const where = isNull(tasks.deleted_at)
  const set = { deleted_at: nextUpdatedAt }
  const { before, after } = await write(database.repeatable, { userId, id, set, where, precondition })
  if (!after && before.deleted_at === null) throw changedSince(before)
  return { task: toTask(after ?? before), changed: after !== undefined }
}

/**
 * Undoes a delete: same place, same state. A task that is not deleted stays as it is.
 * @throws ProblemError `not-found`, also once it is purged
 */
export async function restoreTask({ database, userId }: Scope, id: string): Promise<Task> {
  const where = isNotNull(tasks.deleted_at)
  const { before, after } = await write(database.repeatable, { userId, id, set: { deleted_at: null }, where })
  return toTask(after ?? before)
}

/** Tasks that are purged by one statement: few enough to be done long before it is given up on. */
const PURGE_BATCH = 1_000

/** Removes for good, for everybody, what was deleted more than RESTORE_DAYS days ago. */
export async function purgeTasks({ repeatable: db }: Database): Promise<void> {
  const isOver = lt(tasks.deleted_at, sql`now() - make_interval(days => ${RESTORE_DAYS})`)
  const some = db.select({ id: tasks.id }).from(tasks).where(isOver).limit(PURGE_BATCH)
  for (let gone = PURGE_BATCH; gone === PURGE_BATCH;) {
    // Said twice, for the row itself: it may be restored since it was found.
    const { rowCount } = await db.delete(tasks).where(and(inArray(tasks.id, some), isOver))
    gone = rowCount
  }
}

const changedSince = (task: TaskState) =>
  new ProblemError(
    'precondition-failed',
    'The task has changed since the version in If-Match. Read it and try again.',
    {
      task: toTask(task),
    },
  )
