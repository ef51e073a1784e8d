import {
  and,
  asc,
  desc,
  eq,
  fillPlaceholders,
  sql,
  type Column,
  type Placeholder,
  type QueryWithTypings,
  type SQL,
} from 'drizzle-orm'
import { PgDialect, QueryBuilder } from 'drizzle-orm/pg-core'
import type { Cursor } from '../contract/cursor.ts'
import { tasks, user } from '../db/schema.ts'
import { accountDeleted, dbNow, type Scope } from '../db/scope.ts'
import { isoTimeOf } from '../db/time.ts'
import { rowDecoder, type Decoded, type taskColumns } from './columns.ts'

/** A list of a user's tasks that is read in keyset pages, by a time and then the id: an index finds any page. */
interface PageQuery<Columns, Filter extends string> {
  columns: Columns
  orderBy: { time: Column; direction: 'asc' | 'desc' }
  /** Holds for every task of the list. */
  where?: SQL
  /** Conditions that apply when the call gives a value of that name; that value is the placeholder's. */
  filters?: Record<Filter, (value: Placeholder) => SQL>
  /** Whether to read the database's clock in the same statement. */
  withNow?: boolean
}

interface PageRequest {
  /** Rows to read at most. */
  limit: number
  /** Where the page before ended; absent for the first page. */
  cursor?: Cursor | undefined
}

const dialect = new PgDialect({ casing: 'snake_case' })
const userId = sql.placeholder('userId')

/**
 * Returns a function that reads a page, in one statement that also finds out whether the user still exists. It returns
 * the rows and, `withNow`, the database's time in ISO 8601; it throws ProblemError `unauthenticated` when the account
 * has been deleted.
 *
 * Lists are the most frequent requests, so two costs that outweigh all others are avoided. The SQL is built once for
 * each set of conditions: it depends on nothing but the names in the key it is cached under. And rows are decoded by
 * `rowDecoder`, not cell by cell by drizzle.
 */
export function pageQuery<Columns extends typeof taskColumns, Filter extends string = never>(
  query: PageQuery<Columns, Filter>,
) {
  const sqlByConditions = new Map<string, QueryWithTypings>()
  // Object.keys has the type string[]; the keys are those of the type.
  const filterNames = Object.keys(query.filters ?? {}) as Filter[]
  // The clock is before the columns.
  const decode = rowDecoder(query.columns, 1)
  return async (
    scope: Scope,
    request: PageRequest & { [Name in Filter]?: unknown },
  ): Promise<{ rows: Decoded<Columns>[]; now: string | undefined }> => {
    const { limit, cursor } = request
    const filters = filterNames.filter((name) => request[name] !== undefined)
    const key = [...filters, cursor ? 'cursor' : ''].join(' ')
    const built = sqlByConditions.get(key) ?? buildPage(query, filters, cursor !== undefined)
    sqlByConditions.set(key, built)
    const params = fillPlaceholders(built.params, { ...request, ...cursor, limit, userId: scope.userId })
    const found: unknown[][] = await scope.database.repeatable.$client.query(built.sql, params, {
      arrayMode: true,
    })
    const [first] = found
    if (!first) throw accountDeleted()
    const rows = found.filter(([, id]) => id !== null).map(decode)
    return { rows, now: query.withNow ? isoTimeOf(String(first[0])) : undefined }
  }
}

function buildPage<Filter extends string>(
  { columns, orderBy, where, filters, withNow }: PageQuery<typeof taskColumns, Filter>,
  used: readonly Filter[],
  fromCursor: boolean,
): QueryWithTypings {
  const { time, direction } = orderBy
  const order = direction === 'asc' ? asc : desc
  const page = new QueryBuilder(dialect)
    .select(columns)
    .from(tasks)
    .where(
      and(
        eq(tasks.user_id, userId),
        where,
        ...used.map((name) => filters?.[name](sql.placeholder(name))),
        fromCursor ? afterCursor(time, direction) : undefined,
      ),
    )
    .orderBy(order(time), order(tasks.id))
    .limit(sql.placeholder('limit'))
    .as('page')
  const pageTime = sql`page.${sql.identifier(time.name)}`
  return dialect.sqlToQuery(
    sql`select ${withNow ? dbNow : sql`null`}, page.* from ${user} left join ${page} on true
      where ${eq(user.id, userId)} order by ${order(pageTime)}, ${order(sql`page.id`)}`,
  )
}

/** The rows after the cursor in this direction. */
function afterCursor(time: Column, direction: 'asc' | 'desc'): SQL {
  const cursor = sql`(${sql.placeholder('at')}::timestamptz, ${sql.placeholder('id')}::uuid)`
  return direction === 'asc'
    ? sql`(${time}, ${tasks.id}) > ${cursor}`
    : sql`(${time}, ${tasks.id}) < ${cursor}`
}
