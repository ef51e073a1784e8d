import { and, asc, eq, sql } from 'drizzle-orm'
import { formatCursor } from '../contract/cursor.ts'
import type { ChangesQuery, TaskChanges, TaskState } from '../contract/task.ts'
import { tasks } from '../db/schema.ts'
import { dbNow, type Scope } from '../db/scope.ts'
import { keysetCondition } from './cursor.ts'
import { userIdParam, readPage } from './page-query.ts'
import { taskColumnsWithDeletion } from './write.ts'

/**
 * Milliseconds that the feed looks back on each call. A change gets its time before it is committed, so one may appear
 * behind a reader who is ahead of it; a statement never takes this long.
 */
const OVERLAP_MS = 10_000

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * What changed since a place, oldest first, deleted tasks among it. Repeats what is younger than OVERLAP_MS: a reader
 * keeps the version with the later `updated_at`.
 */
export async function listChanges(scope: Scope, { limit, since }: ChangesQuery): Promise<TaskChanges> {
  const build = () => ({
    page: scope.database.repeatable
      .select(taskColumnsWithDeletion)
      .from(tasks)
      .where(and(eq(tasks.user_id, userIdParam), since && keysetCondition('newer', tasks.updated_at)))
      .orderBy(asc(tasks.updated_at), asc(tasks.id))
      .limit(sql.placeholder('limit'))
      .as('page'),
    order: sql`page.updated_at, page.id`,
    beside: dbNow,
  })
  const values = { limit: limit + 1, ...since }
  const { tasks: found, beside } = await readPage<TaskState>(scope, `changes ${!since}`, build, values)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  if (last && found.length > limit)
    return { tasks: page, next_since: formatCursor(last.updated_at, last.id), has_more: true }
  const settled = new Date(Date.parse(beside) - OVERLAP_MS).toISOString()
  const isSettled = last !== undefined && last.updated_at < settled
  return {
    tasks: page,
    next_since: isSettled ? formatCursor(last.updated_at, last.id) : formatCursor(settled, FIRST_ID),
    has_more: false,
  }
}
