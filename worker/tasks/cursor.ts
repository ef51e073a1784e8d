import { sql, type Column, type SQL } from 'drizzle-orm'
import type { Cursor } from '../contract/task.ts'
import { tasks } from '../db/schema.ts'

/** A place in a list, as text: an ISO 8601 time and a UUID. */
export const cursorOf = (at: string, id: string): string => `${at}_${id}`

/** The rows on one side of a place, by time and then id: keyset pages, which an index answers at any depth. */
export const after = ({ at, id }: Cursor, side: 'older' | 'newer', time: Column): SQL =>
  side === 'older'
    ? sql`(${time}, ${tasks.id}) < (${at}::timestamptz, ${id}::uuid)`
    : sql`(${time}, ${tasks.id}) > (${at}::timestamptz, ${id}::uuid)`
