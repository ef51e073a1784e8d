import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../../db/client.ts'

type Statements = Record<string, BatchItem<'pg'>>
type Results<Batch extends Statements> = { [Name in keyof Batch]: Batch[Name]['_']['result'] }

/** Runs statements in one transaction, in the order in which they are written, and returns each result by its name. */
export async function batchByName<Batch extends Statements>(
  db: Db,
  statements: Batch,
): Promise<Results<Batch>> {
  const names = Object.keys(statements)
  // drizzle types a batch as a tuple that is not empty; its results come in the same order.
  const results = await db.batch(Object.values(statements) as [BatchItem<'pg'>, ...BatchItem<'pg'>[]])
  return Object.fromEntries(names.map((name, n) => [name, results[n]])) as Results<Batch>
}
