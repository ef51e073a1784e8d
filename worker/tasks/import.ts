import { sql, type SQL } from 'drizzle-orm'
import { v5 } from 'uuid'
import { RESTORE_DAYS } from '../contract/limits.ts'
import { EDITABLE_FIELDS } from '../contract/task-fields.ts'
import type { ImportedTask, ImportResult } from '../contract/transfer.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, dbNow, type Scope } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { taskColumnsWithDeletion } from './columns.ts'
import { nextUpdatedAt } from './write.ts'

/**
 * Imports tasks of an export, in one statement that can be repeated. An id that is free or the user's own is kept; one
 * of another user's task is replaced by an id derived from both, the same each time. A stored task is changed only by
 * one that is newer and different. `updated_at` becomes the time of the import, so that the changes feed includes it.
 * @throws ProblemError `conflict` when another user imports the same ids at the same moment
 */
export async function importTasks(
  { database, userId }: Scope,
  imported: readonly ImportedTask[],
): Promise<ImportResult> {
  const incoming = JSON.stringify(imported.map((task) => ({ ...task, own_id: v5(task.id, userId) })))
  const { rows } = await database.repeatable
    .execute<Record<keyof Counts, number>>(importStatement(userId, incoming))
    .catch((error: unknown) => {
      throw sqlState(error) === FOREIGN_KEY_VIOLATION ? accountDeleted() : error
    })
  const [counts] = rows
  if (!counts) throw accountDeleted()
  const { taken, placed, known, made, added, updated } = counts
  // A task that is neither known nor made lost its id to another user after the statement began.
  if (placed > known + made)
    throw new ProblemError('conflict', 'Somebody else is importing the same tasks. Try again in a moment.')
  const skipped = imported.length - taken
  return { added, updated, unchanged: taken - added - updated, skipped }
}

interface Counts {
  /** Tasks of the request, without those that were deleted too long ago. */
  taken: number
  /** Of these, distinct tasks under the id that they get. */
  placed: number
  /** Of these, tasks that the user had before. */
  known: number
  /** Of these, tasks inserted, by this import (`added`) or by a concurrent one of the same file. */
  made: number
  added: number
  updated: number
}

const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `)
const names = (fields: readonly string[], table?: string): SQL =>
  list(
    fields.map((field) =>
      table ? sql`${sql.identifier(table)}.${sql.identifier(field)}` : sql`${sql.identifier(field)}`,
    ),
  )

/** A task in a file, as columns of a JSON record set. */
const recordColumns = list(
  Object.entries(taskColumnsWithDeletion)
    .filter(([field]) => field !== 'user_id')
    .map(([field, column]) => sql`${sql.identifier(field)} ${sql.raw(column.getSQLType())}`),
)
/** What an import may change of a task that is here already. */
const CHANGEABLE = [...EDITABLE_FIELDS, 'deleted_at']
const assignments = list(
  CHANGEABLE.map((field) => sql`${sql.identifier(field)} = placed.${sql.identifier(field)}`),
)

const importStatement = (userId: string, incoming: string): SQL => sql`
with incoming as (
  select * from jsonb_to_recordset(${incoming}::jsonb) as t (own_id uuid, ${recordColumns})
), taken as (
  select * from incoming
  where deleted_at is null or deleted_at > now() - make_interval(days => ${RESTORE_DAYS})
), placed as (
  select distinct on (id) * from (
    select case when foreigner.id is null then taken.id else taken.own_id end as id,
      ${names(EDITABLE_FIELDS, 'taken')}, taken.updated_at,
      least(taken.created_at, ${dbNow}) as created_at,
      case when taken.deleted_at is not null then least(taken.deleted_at, ${dbNow}) end as deleted_at
    from taken
    left join ${tasks} foreigner on foreigner.id = taken.id and foreigner.user_id <> ${userId}
  ) every order by id, updated_at desc
), known as (
  select placed.id from placed join ${tasks} mine on mine.id = placed.id and mine.user_id = ${userId}
), changed as (
  update ${tasks} set ${assignments}, updated_at = ${nextUpdatedAt}
  from placed
  where tasks.id = placed.id and tasks.user_id = ${userId} and placed.updated_at > tasks.updated_at
    and (${names(CHANGEABLE, 'tasks')}) is distinct from (${names(CHANGEABLE, 'placed')})
  returning tasks.id
), made as (
  insert into ${tasks} (id, user_id, created_at, updated_at, ${names(CHANGEABLE)})
  select id, ${userId}, created_at, ${dbNow}, ${names(CHANGEABLE)} from placed
  where id not in (select id from known)
  on conflict (id) do update set id = excluded.id where tasks.user_id = ${userId}
  returning (xmax = 0) as added
)
select (select count(*)::int from taken) as taken, (select count(*)::int from placed) as placed,
  (select count(*)::int from known) as known, (select count(*)::int from made) as made,
  (select count(*)::int from made where added) as added, (select count(*)::int from changed) as updated
from ${user} where id = ${userId}`
