import { sql, type SQL } from 'drizzle-orm'
import { v5 } from 'uuid'
import { RESTORE_DAYS } from '../contract/limits.ts'
import type { ImportedTask, ImportResult } from '../contract/transfer.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, dbNow, type Scope } from '../db/scope.ts'
import { ProblemError } from '../problem.ts'
import { nextUpdatedAt } from './write.ts'

/**
 * Takes in tasks of an export, in one statement. Twice is once: an id that is free or the person's own is kept, one of
 * somebody else's is replaced by an id that the same person always gets for it. What is stored gives way only to what
 * is newer and different. `updated_at` becomes the time of the import, for the feed of changes to tell it.
 * @throws ProblemError `conflict` when somebody else takes the same ids at this very moment
 */
export async function importTasks(
  { database, userId }: Scope,
  imported: readonly ImportedTask[],
): Promise<ImportResult> {
  const incoming = JSON.stringify(imported.map((task) => ({ ...task, own_id: v5(task.id, userId) })))
  const { rows } = await database.repeatable
    .execute<Record<keyof Counts, number>>(importing(userId, incoming))
    .catch((error: unknown) => {
      throw sqlState(error) === FOREIGN_KEY_VIOLATION ? accountDeleted() : error
    })
  const [counts] = rows
  if (!counts) throw accountDeleted()
  const { taken, placed, known, made, added, updated } = counts
  // A task that was neither known nor is made had its id taken since the statement began.
  if (placed > known + made)
    throw new ProblemError('conflict', 'Somebody else is importing the same tasks. Try again in a moment.')
  const skipped = imported.length - taken
  return { added, updated, unchanged: taken - added - updated, skipped }
}

interface Counts {
  /** Tasks sent that are not deleted for too long. */
  taken: number
  /** Of these, tasks with an id of their own. */
  placed: number
  /** Of these, tasks the person had. */
  known: number
  /** Of these, tasks inserted, now (`added`) or by a twin of this import at the same moment. */
  made: number
  added: number
  updated: number
}

const importing = (userId: string, incoming: string): SQL => sql`
with incoming as (
  select * from jsonb_to_recordset(${incoming}::jsonb) as t (
    id uuid, own_id uuid, title text, description text, completed boolean,
    created_at timestamptz, updated_at timestamptz, deleted_at timestamptz
  )
), taken as (
  select * from incoming
  where deleted_at is null or deleted_at > now() - make_interval(days => ${RESTORE_DAYS})
), placed as (
  select distinct on (id) * from (
    select case when foreigner.id is null then taken.id else taken.own_id end as id,
      taken.title, taken.description, taken.completed, taken.updated_at,
      least(taken.created_at, ${dbNow}) as created_at, 
      case when taken.deleted_at is not null then least(taken.deleted_at, ${dbNow}) end as deleted_at
    from taken
    left join ${tasks} foreigner on foreigner.id = taken.id and foreigner.user_id <> ${userId}
  ) every order by id, updated_at desc
), known as (
  select placed.id from placed join ${tasks} mine on mine.id = placed.id and mine.user_id = ${userId}
), changed as (
  update ${tasks} set title = placed.title, description = placed.description, completed = placed.completed,
    deleted_at = placed.deleted_at, updated_at = ${nextUpdatedAt}
  from placed
  where tasks.id = placed.id and tasks.user_id = ${userId} and placed.updated_at > tasks.updated_at
    and (tasks.title, tasks.description, tasks.completed, tasks.deleted_at)
      is distinct from (placed.title, placed.description, placed.completed, placed.deleted_at)
  returning tasks.id
), made as (
  insert into ${tasks} (id, user_id, title, description, completed, created_at, updated_at, deleted_at)
  select id, ${userId}, title, description, completed, created_at, ${dbNow}, deleted_at from placed
  where id not in (select id from known)
  on conflict (id) do update set id = excluded.id where tasks.user_id = ${userId}
  returning (xmax = 0) as added
)
select (select count(*)::int from taken) as taken, (select count(*)::int from placed) as placed,
  (select count(*)::int from known) as known, (select count(*)::int from made) as made,
  (select count(*)::int from made where added) as added, (select count(*)::int from changed) as updated
from ${user} where id = ${userId}`
