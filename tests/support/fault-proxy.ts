import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { statementError } from './neon-answers.ts'

/**
 * What happens to a request on its way to the database or back. `failing` replaces a statement of a batch, counted from
 * 0, by one that Postgres itself refuses.
 */
export type Fault =
  | 'pass'
  | 'reset-before'
  | 'answer-lost'
  | 'reset-in-answer'
  | 'hang'
  | 'hang-after'
  | 'html'
  | 'empty'
  | 'not-json'
  | 'wrong-shape'
  | Refusal
  | { failing: number }

/** An answer instead of the database's; `ran` sends the request to the database first. */
type Refusal = { status: number; body?: string; ran?: boolean } | { sqlstate: string; ran?: boolean }

/** A proxy between Worker and gateway that records requests and causes faults. */
export interface FaultProxy {
  /** The Worker's NEON_FETCH_ENDPOINT. */
  url: string
  /** The SQL of each HTTP request since `clear`, oldest first; several texts for a batch. */
  requests: string[][]
  /** The same, statement by statement, with their parameters. */
  statements: RecordedStatement[]
  clear(): void
  /** Decides the fault of each request from now on; `n` counts requests from 0. */
  break(faultOf: (n: number, sql: string) => Fault): void
  /** Closes the port, as when the network is down, until `listen`. */
  refuse(): Promise<void>
  listen(): Promise<void>
  /** Ends all faults. */
  mend(): void
  /** Is as new: listens, passes everything on and has seen nothing. */
  reset(): Promise<void>
  close(): Promise<void>
}

interface RecordedStatement {
  query: string
  params: unknown[]
}

/** A complete answer: the gateway's, or one instead of it. */
interface Answer {
  status: number
  text: string
}

export async function startFaultProxy(gateway: string): Promise<FaultProxy> {
  let faultOf: (n: number, sql: string) => Fault = () => 'pass'
  let count = 0
  const requests: string[][] = []
  const statements: RecordedStatement[] = []
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request)
    const sent = statementsOf(body)
    const sql = sent.map(({ query }) => query)
    statements.push(...sent)
    requests.push(sql)
    const fault = faultOf(count++, sql.join(';'))
    if (fault === 'hang') return
    if (fault === 'reset-before') return void request.socket.destroy()
    if (fault === 'html')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
    if (fault === 'empty') return void response.writeHead(200).end()
    if (fault === 'not-json') return void response.writeHead(200).end('{"rows": [')
    if (fault === 'wrong-shape') return void response.writeHead(200).end('{"rows":{}}')

    // Whoever hangs up here hangs up on the gateway too, which cancels the statement.
    const hungUp = new AbortController()
    response.once('close', () => hungUp.abort())
    const forward = (text: string) => forwardTo(gateway, text, request, hungUp.signal)
    if (typeof fault === 'object' && 'failing' in fault)
      return respond(await forward(withFailing(body, fault.failing)), response)
    if (typeof fault === 'object') {
      if (fault.ran) await forward(body)
      return respond(answerOf(fault), response)
    }
    const answer = await forward(body)
    if (fault === 'hang-after') return
    if (fault === 'answer-lost') return void request.socket.destroy()
    if (fault === 'pass') return respond(answer, response)
    response.writeHead(answer.status, headersOf(answer))
    response.write(answer.text.slice(0, answer.text.length / 2), () => request.socket.destroy())
  }

  const port = await listen(server, 0)
  return {
    url: `http://127.0.0.1:${port}/sql`,
    requests,
    statements,
    clear() {
      requests.length = 0
      statements.length = 0
    },
    break(next) {
      count = 0
      faultOf = next
    },
    mend: () => void (faultOf = () => 'pass'),
    refuse: () => stop(server),
    listen: async () => void (await listen(server, port)),
    async reset() {
      faultOf = () => 'pass'
      requests.length = 0
      statements.length = 0
      if (!server.listening) await listen(server, port)
    },
    close: () => stop(server),
  }
}

const headersOf = ({ text }: Answer) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(text),
})

function respond(answer: Answer, response: ServerResponse) {
  response.writeHead(answer.status, headersOf(answer)).end(answer.text)
}

async function forwardTo(
  gateway: string,
  body: string,
  { headers }: IncomingMessage,
  signal: AbortSignal,
): Promise<Answer> {
  const neonHeaders = Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[0].startsWith('neon-') && typeof entry[1] === 'string',
  )
  const response = await fetch(gateway, { method: 'POST', body, headers: neonHeaders, signal })
  return { status: response.status, text: await response.text() }
}

function answerOf(refusal: Refusal): Answer {
  if ('status' in refusal) return { status: refusal.status, text: refusal.body ?? 'secret words' }
  const { status, body } = statementError(refusal.sqlstate)
  return { status, text: body }
}

/** Returns the same batch with a division by zero in the place of one statement. */
function withFailing(body: string, index: number): string {
  const batch = JSON.parse(body) as { queries?: RecordedStatement[] }
  const failing = { query: 'select 1 / 0', params: [] }
  return JSON.stringify({ ...batch, queries: batch.queries?.toSpliced(index, 1, failing) })
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve) =>
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function statementsOf(body: string): RecordedStatement[] {
  const sent = JSON.parse(body) as RecordedStatement & { queries?: RecordedStatement[] }
  return sent.queries ?? [sent]
}
