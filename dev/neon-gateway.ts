import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database.ts'
import {
  errorBody,
  isFromPostgres,
  ProtocolError,
  parseSqlRequest,
  type SqlRequest,
} from './neon-protocol.ts'
import { run } from './neon-run.ts'
import type { Json } from './neon-values.ts'

/** As much as Neon takes in one request. */
const BODY_MAX_BYTES = 64 * 1024 * 1024

export interface GatewayOptions {
  /** A directory or `memory://` for PGlite, or the URL of a PostgreSQL server. */
  database: string
  /** 0 takes any free port. */
  port: number
  host?: string
  /** What a database in memory starts from. */
  snapshot?: Blob
  /** Told of every HTTP request that is Neon's protocol, before it runs. */
  onRequest?: (request: { number: number; queries: string[] }) => void
  /** Told of every SQL text, before it runs, with the number of the request that brought it. */
  onStatement?: (statement: { request: number; text: string; params: Json[] }) => void
}

export interface Gateway {
  /** What NEON_FETCH_ENDPOINT is set to. */
  url: string
  /** Asks the database itself, past HTTP and the two listeners; values come as text. */
  query(text: string, params?: unknown[]): Promise<Record<string, string | null>[]>
  /** PGlite's data as a blob for the option `snapshot`. */
  snapshot(): Promise<Blob>
  close: () => Promise<void>
}

/** Speaks Neon's HTTP protocol in front of PGlite or of a PostgreSQL server. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1' } = options
  const database = await openDatabase(options.database, options.snapshot)
  let requests = 0

  async function answer(request: IncomingMessage, response: ServerResponse) {
    if (request.headers.origin) return refuse(response, 403, 'web pages may not ask the database')
    if (new URL(request.url ?? '', 'http://gateway').pathname !== '/sql')
      return refuse(response, 404, 'this is the local Neon gateway: it answers POST /sql')
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      return refuse(response, 405, 'this is the local Neon gateway: /sql takes POST')
    }
    const body = await read(request)
    if (!body) return refuse(response, 413, `the body is larger than ${BODY_MAX_BYTES} bytes`)
    const asked = parseSqlRequest(request.headers, body)
    announce(asked, ++requests)
    const results = await run(database.pool, asked)
    if (asked.begin) echoBatchHeaders(request, response)
    send(response, 200, asked.begin ? { results } : results[0])
  }

  function announce({ statements }: SqlRequest, number: number) {
    options.onRequest?.({ number, queries: statements.map(({ text }) => text) })
    for (const { text, params } of statements) options.onStatement?.({ request: number, text, params })
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof ProtocolError || isFromPostgres(error) ? 400 : 500
      send(response, status, errorBody(error))
    })
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/sql`,
    query: async (text, params) => (await database.pool.query(text, params)).rows,
    snapshot: () => database.snapshot(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const stuck = setTimeout(() => server.closeAllConnections(), CLOSE_PATIENCE_MS)
      await closed
      clearTimeout(stuck)
      await database.close()
    },
  }
}

/** How long requests that are being answered may hold up the closing. */
const CLOSE_PATIENCE_MS = 2_000

/** The body, or nothing when it is too large; then too it is read to its end, or the sender would miss the answer. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= BODY_MAX_BYTES) chunks.push(chunk)
    else chunks.length = 0
  }
  return size > BODY_MAX_BYTES ? undefined : Buffer.concat(chunks)
}

function echoBatchHeaders(request: IncomingMessage, response: ServerResponse) {
  for (const name of ['neon-batch-isolation-level', 'neon-batch-read-only', 'neon-batch-deferrable']) {
    const value = request.headers[name]
    if (value !== undefined) response.setHeader(name, value)
  }
}

/** Refuses before the body is read, hence the closing of the connection. */
function refuse(response: ServerResponse, status: number, message: string) {
  response.setHeader('connection', 'close')
  send(response, status, { message })
}

function send(response: ServerResponse, status: number, body: unknown) {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
