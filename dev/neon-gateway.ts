import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database.ts'
import { errorAnswer, parseSqlRequest, ProxyError, type SqlRequest } from './neon-protocol.ts'
import { run } from './neon-run.ts'
import type { Json } from './neon-values.ts'

/** Neon's limit for a request in production; its proxy has 10 MiB by default. */
const BODY_MAX_BYTES = 64 * 1024 * 1024

export interface GatewayOptions {
  /** A directory or `memory://` for PGlite, or the URL of a PostgreSQL server. */
  database: string
  /** 0 takes any free port. */
  port: number
  host?: string
  /** Data that a database in memory starts with. */
  snapshot?: Blob
  /** Called with every HTTP request of Neon's protocol, before it runs. */
  onRequest?: (request: { number: number; queries: string[] }) => void
  /** Called with every SQL text, before it runs, and the number of its request. */
  onStatement?: (statement: { request: number; text: string; params: Json[] }) => void
}

export interface Gateway {
  /** The value for NEON_FETCH_ENDPOINT. */
  url: string
  /** Runs SQL on the database directly, without HTTP and the two callbacks; values come as text. */
  query(text: string, params?: unknown[]): Promise<Record<string, string | null>[]>
  /** PGlite's data as a blob for the option `snapshot`. */
  snapshot(): Promise<Blob>
  close: () => Promise<void>
}

/** Starts a server that speaks Neon's HTTP protocol in front of PGlite or of a PostgreSQL server. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1' } = options
  const database = await openDatabase(options.database, options.snapshot)
  let requests = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<string> {
    refuseOthers(request, response)
    const sqlRequest = parseSqlRequest(request.headers, await readBody(request, response))
    announce(sqlRequest, ++requests)
    const hungUp = new AbortController()
    response.once('close', () => hungUp.abort())
    const json = await run(database, sqlRequest, hungUp.signal)
    if (sqlRequest.begin) echoBatchHeaders(request, response)
    return json
  }

  function announce({ statements }: SqlRequest, number: number) {
    options.onRequest?.({ number, queries: statements.map(({ text }) => text) })
    for (const { text, params } of statements) options.onStatement?.({ request: number, text, params })
  }

  const server = createServer((request, response) => {
    answer(request, response).then(
      (json) => sendJson(response, 200, json),
      (error: unknown) => {
        const { status, body } = errorAnswer(error)
        sendJson(response, status, JSON.stringify(body))
      },
    )
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
      const stuck = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
      await closed
      clearTimeout(stuck)
      await database.close()
    },
  }
}

/** Longest that requests in progress may delay the closing, ms. */
const CLOSE_TIMEOUT_MS = 2_000

/**
 * Refuses what no Neon driver sends, before its body is read; hence the connection is closed.
 * @throws ProxyError
 */
function refuseOthers(request: IncomingMessage, response: ServerResponse) {
  response.setHeader('connection', 'close')
  if (request.headers.origin) throw new ProxyError('web pages may not ask the database', 403)
  if (new URL(request.url ?? '', 'http://gateway').pathname !== '/sql')
    throw new ProxyError('this is the local Neon gateway: it answers POST /sql', 404)
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    throw new ProxyError('this is the local Neon gateway: /sql takes POST', 405)
  }
  response.removeHeader('connection')
}

/**
 * Reads the body to its end even when it is too large, as its sender would miss the answer otherwise.
 * @throws ProxyError when it is too large
 */
async function readBody(request: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= BODY_MAX_BYTES) chunks.push(chunk)
    else chunks.length = 0
  }
  if (size <= BODY_MAX_BYTES) return Buffer.concat(chunks)
  response.setHeader('connection', 'close')
  throw new ProxyError(`request is too large (max is ${BODY_MAX_BYTES} bytes)`, 413)
}

function echoBatchHeaders(request: IncomingMessage, response: ServerResponse) {
  for (const name of ['neon-batch-isolation-level', 'neon-batch-read-only', 'neon-batch-deferrable']) {
    const value = request.headers[name]
    if (value !== undefined) response.setHeader(name, value)
  }
}

function sendJson(response: ServerResponse, status: number, json: string) {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(json)
}
