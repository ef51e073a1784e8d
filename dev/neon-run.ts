import type pg from 'pg'
import type { OpenDatabase } from './database.ts'
import {
  ConnectionRefused,
  isFromPostgres,
  ProxyError,
  type SqlRequest,
  type Statement,
} from './neon-protocol.ts'
import { fromText, type Json, toText } from './neon-values.ts'

/** As much as Neon answers to one request. */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024

/** Neon's answer to one statement. */
interface SqlResult {
  fields: (pg.FieldDef & { format: string })[]
  rows: (Json[] | Record<string, Json>)[]
  command: string
  rowCount: number | null
  rowAsArray: boolean
}

/** `queryMode`, unknown to pg's types, makes Postgres refuse several statements in one text, as Neon does. */
type Query = pg.QueryArrayConfig & { queryMode: 'extended' }

/**
 * Runs a request on one connection, a batch as one transaction; returns the JSON text of the answer. When `hungUp` is
 * aborted, the statement is cancelled and a batch rolled back.
 * @throws pg.DatabaseError when a statement fails
 * @throws ConnectionRefused
 * @throws ProxyError
 */
export async function run(database: OpenDatabase, request: SqlRequest, hungUp: AbortSignal): Promise<string> {
  const client = await connect(database.pool)
  let cancelling: Promise<void> | undefined
  const cancel = () => {
    cancelling = database.cancel(client)
  }
  hungUp.addEventListener('abort', cancel)
  let succeeded = false
  try {
    const answer = await runAll(client, request, hungUp)
    succeeded = true
    return answer
  } finally {
    hungUp.removeEventListener('abort', cancel)
    // The connection is still ours until then, so that nobody else's statement is cancelled.
    await cancelling
    const released = database.release(client, succeeded && !hungUp.aborted)
    if (!succeeded) await released
  }
}

/** @throws ConnectionRefused */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw new ConnectionRefused(error as Error)
  }
}

async function runAll(
  client: pg.PoolClient,
  { statements, begin, rawText }: SqlRequest,
  hungUp: AbortSignal,
): Promise<string> {
  const results: string[] = []
  let bytes = 0
  if (begin) await query(client, begin, hungUp)
  for (const statement of statements) {
    const result = JSON.stringify(await runOne(client, statement, rawText, hungUp))
    bytes += Buffer.byteLength(result)
    if (bytes > ANSWER_MAX_BYTES)
      throw new ProxyError(`response is too large (max is ${ANSWER_MAX_BYTES} bytes)`, 507)
    results.push(result)
  }
  if (!begin) return results.join()
  await query(client, 'COMMIT', hungUp)
  return `{"results":[${results.join()}]}`
}

async function runOne(
  client: pg.PoolClient,
  { text, params, arrayMode }: Statement,
  rawText: boolean,
  hungUp: AbortSignal,
): Promise<SqlResult> {
  if (isCopyFromClient(text)) throw new ProxyError('unexpected message from server')
  const config: Query = { text, values: params.map(toText), rowMode: 'array', queryMode: 'extended' }
  const result = await query<(string | null)[]>(client, config, hungUp)
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

/**
 * Sends one statement, unless the caller has hung up.
 * @throws pg.DatabaseError when it fails
 * @throws ProxyError when the connection is lost meanwhile
 */
async function query<Row extends unknown[]>(
  client: pg.PoolClient,
  statement: string | Query,
  hungUp: AbortSignal,
): Promise<pg.QueryArrayResult<Row>> {
  if (hungUp.aborted) throw new ProxyError('query was cancelled', 500)
  try {
    return await client.query<Row>(statement as Query)
  } catch (error) {
    throw isFromPostgres(error) ? error : new ProxyError('connection closed')
  }
}

/**
 * Whether a statement would have the client send rows. That cannot be answered over HTTP, and both databases would wait
 * for the rows for ever. Neon refuses it in these words too, after Postgres has asked for the rows.
 */
function isCopyFromClient(text: string): boolean {
  const withoutComments = text.replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ')
  return /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(withoutComments)
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
