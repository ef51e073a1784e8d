import { sql, type Column, type SQL } from 'drizzle-orm'
import { tasks } from '../db/schema.ts'

/** The rows on one side of the place `{at, id}`, by time and then id: keyset pages, which an index answers at any depth. */
export const keysetCondition = (side: 'older' | 'newer', time: Column): SQL => {
  const place = sql`(${sql.placeholder('at')}::timestamptz, ${sql.placeholder('id')}::uuid)`
  return side === 'older' ? sql`(${time}, ${tasks.id}) < ${place}` : sql`(${time}, ${tasks.id}) > ${place}`
}
