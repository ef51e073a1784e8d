import { formatCursor } from '../contract/cursor.ts'
import type { ChangesQuery, TaskChanges } from '../contract/task.ts'
import { tasks } from '../db/schema.ts'
import type { Scope } from '../db/scope.ts'
import { taskColumnsWithDeletion } from './columns.ts'
import { pageQuery } from './page-query.ts'

/**
 * Milliseconds that the feed looks back on each call. A change gets its time before it is committed, so it may become
 * visible behind a cursor that has passed that time; no statement takes this long.
 */
const OVERLAP_MS = 10_000

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

const readChanges = pageQuery({
  columns: taskColumnsWithDeletion,
  orderBy: { time: tasks.updated_at, direction: 'asc' },
  withNow: true,
})

/**
 * Returns the changes after the cursor `since`, oldest first, deletions among them. Changes younger than OVERLAP_MS are
 * returned again by the next call: the reader keeps the version with the later `updated_at`.
 */
export async function listChanges(scope: Scope, { limit, since }: ChangesQuery): Promise<TaskChanges> {
  const { rows, now = '' } = await readChanges(scope, { limit: limit + 1, cursor: since })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  if (last && rows.length > limit)
    return { tasks: page, next_since: formatCursor(last.updated_at, last.id), has_more: true }
  const settled = new Date(Date.parse(now) - OVERLAP_MS).toISOString()
  const isSettled = last !== undefined && last.updated_at < settled
  return {
    tasks: page,
    next_since: isSettled ? formatCursor(last.updated_at, last.id) : formatCursor(settled, FIRST_ID),
    has_more: false,
  }
}
