import type pg from 'pg'
import type { SqlRequest, Statement } from './neon-protocol.ts'
import { fromText, type Json, toText } from './neon-values.ts'

type Row = Json[] | Record<string, Json>

/** Neon's answer to one statement. */
export interface SqlResult {
  fields: (pg.FieldDef & { format: string })[]
  rows: Row[]
  command: string
  rowCount: number | null
  rowAsArray: boolean
}

/** `queryMode`, unknown to pg's types, makes Postgres refuse several statements in one text, as Neon does. */
type Query = pg.QueryArrayConfig & { queryMode: 'extended' }

/**
 * Runs a request on one connection, a batch as one transaction.
 * @throws pg.DatabaseError when Postgres refuses, anything else when it could not be asked
 */
export async function run(pool: pg.Pool, { statements, begin, rawText }: SqlRequest): Promise<SqlResult[]> {
  const client = await connect(pool)
  try {
    const results: SqlResult[] = []
    if (begin) await client.query(begin)
    for (const statement of statements) results.push(await runOne(client, statement, rawText))
    if (begin) await client.query('COMMIT')
    return results
  } finally {
    client.release(await leaveTransaction(client))
  }
}

/** A refusal to connect may carry Postgres's fields, yet it is no answer to the statement: only its words are kept. */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw new Error(`cannot reach the database: ${(error as Error).message}`, { cause: error })
  }
}

/** Ends what a failed batch, or a BEGIN of the caller's own, left open; an error when the connection is lost. */
async function leaveTransaction(client: pg.PoolClient): Promise<Error | undefined> {
  const status = client.getTransactionStatus()
  if (status !== 'T' && status !== 'E') return undefined
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error as Error
  }
}

async function runOne(
  client: pg.PoolClient,
  { text, params, arrayMode }: Statement,
  rawText: boolean,
): Promise<SqlResult> {
  const query: Query = { text, values: params.map(toText), rowMode: 'array', queryMode: 'extended' }
  const result = await client.query<(string | null)[]>(query)
  const rows = result.rows.map((row) => {
    const values = rawText ? row : row.map((value, i) => fromText(value, result.fields[i]?.dataTypeID ?? 0))
    if (arrayMode) return values
    return Object.fromEntries(result.fields.map(({ name }, i) => [name, values[i] ?? null]))
  })
  return {
    fields: result.fields.map(fieldOf),
    rows,
    command: result.command ?? '',
    rowCount: result.rowCount,
    rowAsArray: arrayMode,
  }
}

const fieldOf = ({ name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier }: pg.FieldDef) => ({
  name,
  dataTypeID,
  tableID,
  columnID,
  dataTypeSize,
  dataTypeModifier,
  format: 'text',
})
