import type { IncomingHttpHeaders } from 'node:http'
import type pg from 'pg'
import type { Json } from './neon-values.ts'

/** One statement of a request's body. */
export interface Statement {
  text: string
  params: Json[]
  /** Whether rows are arrays, rather than objects by column name. */
  arrayMode: boolean
}

/** A parsed request of Neon's HTTP protocol. */
export interface SqlRequest {
  statements: Statement[]
  /** The statement that opens the transaction of a batch; undefined for a single statement. */
  begin: string | undefined
  /** Whether values are Postgres's text, rather than JSON. */
  rawText: boolean
}

/** A failure of the gateway itself, in the words of Neon's proxy where it has any; it has no SQLSTATE. */
export class ProxyError extends Error {
  override name = 'ProxyError'
  /** The HTTP status of the answer. */
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

/** No connection could be had; `cause` is what Postgres or the operating system says. */
export class ConnectionRefused extends Error {
  override name = 'ConnectionRefused'

  constructor(cause: Error) {
    super(`error connecting to server: ${cause.message}`, { cause })
  }
}

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

/** @throws ProxyError when this is no request of Neon's protocol; the message says what is wrong with it */
export function parseSqlRequest(headers: IncomingHttpHeaders, body: Buffer): SqlRequest {
  if (!headers['neon-connection-string'])
    throw new ProxyError('missing header Neon-Connection-String: this address is for the Neon driver')
  const json = parseJson(body)
  const arrayMode = headers['neon-array-mode'] === 'true'
  const rawText = headers['neon-raw-text-output'] === 'true'
  if (isObject(json) && Array.isArray(json['queries'])) {
    const statements = json['queries'].map((query) => parseStatement(query, arrayMode))
    return { statements, begin: parseBegin(headers), rawText }
  }
  return { statements: [parseStatement(json, arrayMode)], begin: undefined, rawText }
}

/** Refuses an unknown level, as Neon does; of the other two headers, only the exact word `true` counts. */
function parseBegin(headers: IncomingHttpHeaders): string {
  const words = ['BEGIN']
  const level = headers['neon-batch-isolation-level']
  if (level !== undefined) {
    const known = ISOLATION_LEVELS[String(level)]
    if (!known) throw new ProxyError('invalid isolation level')
    words.push('ISOLATION LEVEL', known)
  }
  if (headers['neon-batch-read-only'] === 'true') words.push('READ ONLY')
  if (headers['neon-batch-deferrable'] === 'true') words.push('DEFERRABLE')
  return words.join(' ')
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    throw new ProxyError('the body is not JSON')
  }
}

function parseStatement(value: unknown, defaultArrayMode: boolean): Statement {
  if (!isObject(value) || typeof value['query'] !== 'string')
    throw new ProxyError('the body must be {"query": "select $1", "params": […]} or {"queries": […]}')
  const { query: text, params = [], arrayMode = defaultArrayMode } = value
  if (!Array.isArray(params)) throw new ProxyError('params must be an array')
  if (typeof arrayMode !== 'boolean') throw new ProxyError('arrayMode must be true or false')
  return { text: String(text), params: params as Json[], arrayMode }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of an error in Neon's order; absent ones are null. */
const ERROR_FIELDS = [
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'severity',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

/** Neon fills these in its own failures too, with nothing. */
const OWN_FIELDS = { code: '', severity: '' }

const INVALID_CATALOG_NAME = '3D000'

/**
 * Returns the status and the body that answer a failed request: as Neon, 400 for a statement that failed, and 500 for a
 * connection that Postgres refused, except for a database that does not exist.
 */
export function errorAnswer(error: unknown): { status: number; body: Record<string, unknown> } {
  if (error instanceof ConnectionRefused) {
    const { cause } = error
    if (!isFromPostgres(cause)) return { status: 500, body: errorBody(error) }
    return { status: cause.code === INVALID_CATALOG_NAME ? 400 : 500, body: errorBody(cause) }
  }
  if (isFromPostgres(error)) return { status: 400, body: errorBody(error) }
  return { status: error instanceof ProxyError ? error.status : 500, body: errorBody(error) }
}

function errorBody(error: unknown): Record<string, unknown> {
  const message = error instanceof Error ? error.message : String(error)
  const fields: Partial<Record<(typeof ERROR_FIELDS)[number], string | undefined>> = isFromPostgres(error)
    ? error
    : OWN_FIELDS
  return { message, ...Object.fromEntries(ERROR_FIELDS.map((name) => [name, fields[name] ?? null])) }
}

/** Whether this is an error of Postgres, rather than of the way to it. */
export const isFromPostgres = (error: unknown): error is pg.DatabaseError =>
  error instanceof Error && 'severity' in error && typeof error.severity === 'string'
