import { and, desc, eq, isNull, sql, type SQL } from 'drizzle-orm'
import { PAGE_DEFAULT } from '../contract/limits.ts'
import type { Task, TaskPage } from '../contract/task.ts'
import type { Database } from '../db/client.ts'
import { session, tasks } from '../db/schema.ts'
import { isoTimeOf } from '../db/time.ts'
import { pageOf } from './tasks.ts'
import { taskColumns } from './write.ts'

/** The first page of a person's tasks as one value, in a statement that reads their session: see `toFirstPage`. */
export function firstPageOfSession({ repeatable }: Database): { sql: SQL } {
  const page = repeatable
    .select(taskColumns)
    .from(tasks)
    .where(and(eq(tasks.user_id, session.userId), isNull(tasks.deleted_at)))
    .orderBy(desc(tasks.created_at), desc(tasks.id))
    .limit(PAGE_DEFAULT + 1)
    .as('page')
  return {
    sql: sql`(select coalesce(json_agg(page order by page.created_at desc, page.id desc), '[]') from ${page})`,
  }
}

/** The same as `listTasks` gives it; JSON of Postgres has its own way to write times. */
export function toFirstPage(value: unknown): TaskPage {
  const found = (value as Task[]).map((task) => ({
    ...task,
    created_at: isoTimeOf(task.created_at),
    updated_at: isoTimeOf(task.updated_at),
  }))
  return pageOf(found, PAGE_DEFAULT)
}
