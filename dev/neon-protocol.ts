import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from './neon-values.ts'

/** One statement as the body of a request gives it. */
export interface Statement {
  text: string
  params: Json[]
  /** Rows as arrays, rather than as objects by column name. */
  arrayMode: boolean
}

/** A request of Neon's HTTP protocol, understood. */
export interface SqlRequest {
  statements: Statement[]
  /** What opens the transaction of a batch; a single statement has none. */
  begin: string | undefined
  /** Values as Postgres's text, rather than as JSON. */
  rawText: boolean
}

/** A request that is not Neon's protocol; the message says what is wrong with it. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

/** @throws ProtocolError */
export function parseSqlRequest(headers: IncomingHttpHeaders, body: Buffer): SqlRequest {
  if (!headers['neon-connection-string'])
    throw new ProtocolError('missing header Neon-Connection-String: this address is for the Neon driver')
  const json = parseJson(body)
  const arrayMode = headers['neon-array-mode'] === 'true'
  const rawText = headers['neon-raw-text-output'] === 'true'
  if (isObject(json) && Array.isArray(json['queries'])) {
    const statements = json['queries'].map((query) => parseStatement(query, arrayMode))
    return { statements, begin: beginOf(headers), rawText }
  }
  return { statements: [parseStatement(json, arrayMode)], begin: undefined, rawText }
}

/** A bad level is refused, as Neon does; of the other two headers only the exact word `true` counts. */
function beginOf(headers: IncomingHttpHeaders): string {
  const words = ['BEGIN']
  const level = headers['neon-batch-isolation-level']
  if (level !== undefined) {
    const known = ISOLATION_LEVELS[String(level)]
    if (!known) throw new ProtocolError('invalid isolation level')
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
    throw new ProtocolError('the body is not JSON')
  }
}

function parseStatement(value: unknown, defaultArrayMode: boolean): Statement {
  if (!isObject(value) || typeof value['query'] !== 'string')
    throw new ProtocolError('the body must be {"query": "select $1", "params": […]} or {"queries": […]}')
  const { query: text, params = [], arrayMode = defaultArrayMode } = value
  if (!Array.isArray(params)) throw new ProtocolError('params must be an array')
  if (typeof arrayMode !== 'boolean') throw new ProtocolError('arrayMode must be true or false')
  return { text: String(text), params: params as Json[], arrayMode }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What Neon tells of an error of Postgres, in its order; absent ones are null. */
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

/** The body of an answer to a failed request. */
export function errorBody(error: unknown): Record<string, unknown> {
  const fields = (error ?? {}) as Record<string, unknown>
  const message = error instanceof Error ? error.message : String(error)
  return { message, ...Object.fromEntries(ERROR_FIELDS.map((name) => [name, fields[name] ?? null])) }
}

/** Whether Postgres itself refused, rather than the way to it failed. */
export const isFromPostgres = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && typeof error.severity === 'string'
