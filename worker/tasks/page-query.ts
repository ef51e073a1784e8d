import { eq, fillPlaceholders, sql, type QueryWithTypings, type SQL, type Subquery } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Task, TaskState } from '../contract/task.ts'
import { isoTimeOf } from '../db/time.ts'
import { user } from '../db/schema.ts'
import { accountDeleted, type Scope } from '../db/scope.ts'

const dialect = new PgDialect({ casing: 'snake_case' })
const queryCache = new Map<string, QueryWithTypings>()

interface Page {
  /** Tasks of the person, whose id is `person`; `page` in the other two. */
  page: Subquery<'page'>
  order: SQL
  /** A value to read with the tasks, as text. */
  beside?: SQL
}

/** Who asks, and the id of that person as a page's condition names it. */
export const userIdParam = sql.placeholder('person')

/**
 * A page of a person's tasks, in one statement that also finds out whether the person is there.
 * Lists are what is asked most, so they do without two things that cost more than all else: the SQL that `build` leads
 * to is put together once for each `shape` that has a name, with placeholders for `values`, and the driver's rows are made into tasks
 * here, not cell by cell by drizzle.
 * @throws ProblemError `unauthenticated` when the person is gone
 */
export async function readPage<Found extends Task & Partial<TaskState>>(
  { database, userId }: Pick<Scope, 'database' | 'userId'>,
  shape: string | undefined,
  build: () => Page,
  values: Record<string, unknown>,
): Promise<{ tasks: Found[]; beside: string }> {
  const question = (shape && queryCache.get(shape)) || buildQuery(build())
  if (shape) queryCache.set(shape, question)
  const params = fillPlaceholders(question.params, { ...values, person: userId })
  const options = { arrayMode: true } as const
  const rows = (await database.repeatable.$client.query(question.sql, params, options)) as Row[]
  const [first] = rows
  if (!first) throw accountDeleted()
  const tasks = rows.filter(([, id]) => id !== null).map((row) => taskOf(row) as Found)
  return { tasks, beside: String(first[0]) }
}

const buildQuery = ({ page, order, beside = sql`null` }: Page): QueryWithTypings =>
  dialect.sqlToQuery(
    sql`select ${beside}, page.* from ${user} left join ${page} on true where ${eq(user.id, userIdParam)} order by ${order}`,
  )

/** What is beside the task, then its columns in the order of `state`, of which the last may be left out. */
type Row = [
  beside: unknown,
  id: string | null,
  user_id: string,
  title: string,
  description: string | null,
  completed: boolean,
  created_at: string,
  updated_at: string,
  deleted_at?: string | null,
]

function taskOf([, id, user_id, title, description, completed, created, updated, deleted]: Row) {
  const [created_at, updated_at] = [isoTimeOf(created), isoTimeOf(updated)]
  const task = { id, user_id, title, description, completed, created_at, updated_at }
  return deleted === undefined ? task : { ...task, deleted_at: deleted && isoTimeOf(deleted) }
}
