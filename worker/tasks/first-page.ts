import { and, desc, eq, isNull, sql, type SQL } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/pg-core'
import { PAGE_DEFAULT } from '../contract/limits.ts'
import type { TaskPage } from '../contract/task.ts'
import { session, tasks } from '../db/schema.ts'
import { rowDecoder, taskColumns } from './columns.ts'
import { pageOf } from './tasks.ts'

const firstPage = new QueryBuilder({ casing: 'snake_case' })
  .select(taskColumns)
  .from(tasks)
  .where(and(eq(tasks.user_id, session.userId), isNull(tasks.deleted_at)))
  .orderBy(desc(tasks.created_at), desc(tasks.id))
  .limit(PAGE_DEFAULT + 1)
  .as('page')
const row = sql.join(
  Object.keys(taskColumns).map((field) => sql`page.${sql.identifier(field)}`),
  sql`, `,
)

/** Returns the first page of a user's tasks as one value of a statement that reads their session; see `toFirstPage`. */
export const firstPageOfSession = (): { sql: SQL } => ({
  sql: sql`(select coalesce(json_agg(json_build_array(${row}) order by page.created_at desc, page.id desc), '[]') from ${firstPage})`,
})

const decode = rowDecoder(taskColumns, 0)

/** Returns the value that `firstPageOfSession` has read as `listTasks` would return it. */
export const toFirstPage = (value: unknown): TaskPage =>
  // Its own SQL has made it a list of rows.
  pageOf((value as unknown[][]).map(decode), PAGE_DEFAULT)
