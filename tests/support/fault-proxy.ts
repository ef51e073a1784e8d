import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What may become of a question to the database on its way there or back; `failing` is a statement of a batch, from 0,
 * that Postgres itself refuses.
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

type Refusal = { status: number; body?: string; ran?: boolean } | { sqlstate: string; ran?: boolean }

/** A line between Worker and gateway: it keeps what was asked and breaks where it is told to. */
export interface FaultProxy {
  /** Where the Worker finds the database. */
  url: string
  /** The SQL of each HTTP request since `clear`, oldest first; several texts for a batch. */
  requests: string[][]
  /** The same, one by one, with their parameters. */
  questions: Question[]
  clear(): void
  /** Decides the fate of each request from now on; n counts from 0. */
  break(fate: (n: number, sql: string) => Fault): void
  /** Nobody listens any more, as when the network is gone, until `listen`. */
  refuse(): Promise<void>
  listen(): Promise<void>
  mend(): void
  /** Is as new: listens, passes everything on and has seen nothing. */
  reset(): Promise<void>
  close(): Promise<void>
}

interface Question {
  query: string
  params: unknown[]
}

export async function startFaultProxy(gateway: string): Promise<FaultProxy> {
  let fate: (n: number, sql: string) => Fault = () => 'pass'
  let count = 0
  const requests: string[][] = []
  const questions: Question[] = []
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = await read(request)
    const asked = questionsOf(body)
    const sql = asked.map((question) => question.query)
    questions.push(...asked)
    requests.push(sql)
    const fault = fate(count++, sql.join(';'))
    if (fault === 'hang') return
    if (fault === 'reset-before') return void request.socket.destroy()
    if (fault === 'html')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
    if (fault === 'empty') return void response.writeHead(200).end()
    if (fault === 'not-json') return void response.writeHead(200).end('{"rows": [')
    if (fault === 'wrong-shape') return void response.writeHead(200).end('{"rows":{}}')
    if (typeof fault === 'object' && 'failing' in fault)
      return forward(await pass(spoil(body, fault.failing), request), response)
    const refusal = typeof fault === 'object' ? refusalOf(fault) : undefined
    if (refusal && !refusal.ran) return void response.writeHead(refusal.status).end(refusal.body)
    const passed = await pass(body, request)
    if (fault === 'hang-after') return
    if (fault === 'answer-lost') return void request.socket.destroy()
    if (refusal) return void response.writeHead(refusal.status).end(refusal.body)
    if (fault !== 'reset-in-answer') return forward(passed, response)
    response.writeHead(passed.status, headersOf(passed))
    response.write(passed.text.slice(0, passed.text.length / 2), () => request.socket.destroy())
  }

  async function pass(body: string, request: IncomingMessage): Promise<Passed> {
    const passed = await fetch(gateway, { method: 'POST', body, headers: neonHeaders(request) })
    return { status: passed.status, text: await passed.text() }
  }

  const port = await listen(server, 0)
  return {
    url: `http://127.0.0.1:${port}/sql`,
    requests,
    questions,
    clear() {
      requests.length = 0
      questions.length = 0
    },
    break(next) {
      count = 0
      fate = next
    },
    mend: () => void (fate = () => 'pass'),
    refuse: () => stop(server),
    listen: async () => void (await listen(server, port)),
    async reset() {
      fate = () => 'pass'
      requests.length = 0
      questions.length = 0
      if (!server.listening) await listen(server, port)
    },
    close: () => stop(server),
  }
}

interface Passed {
  status: number
  text: string
}

const headersOf = ({ text }: Passed) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(text),
})

function forward(passed: Passed, response: ServerResponse) {
  response.writeHead(passed.status, headersOf(passed)).end(passed.text)
}

/** What is answered in the place of the database, whether or not it ran. */
function refusalOf(fault: Refusal) {
  const { ran = false } = fault
  if ('status' in fault) return { ran, status: fault.status, body: fault.body ?? 'secret words' }
  const body = JSON.stringify({ message: 'secret words', code: fault.sqlstate, severity: 'ERROR' })
  return { ran, status: 400, body }
}

/** The same question with one statement that divides by zero in the place of what was asked. */
function spoil(body: string, index: number): string {
  const asked = JSON.parse(body) as { queries?: Question[] }
  const spoilt = { query: 'select 1 / 0', params: [] }
  return JSON.stringify({ ...asked, queries: asked.queries?.toSpliced(index, 1, spoilt) })
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

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function questionsOf(body: string): Question[] {
  const asked = JSON.parse(body) as Question & { queries?: Question[] }
  return asked.queries ?? [asked]
}

const neonHeaders = (request: IncomingMessage) =>
  Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('neon-'))) as Record<
    string,
    string
  >
