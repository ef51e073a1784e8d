import { request } from 'node:http'
import { test } from 'vitest'
import { signUp } from '../tests/support/people.ts'
import { expectProblem } from '../tests/support/problem.ts'
import { startWorker } from '../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)

const BODY_BYTES = 12_000_000

/** Sends a whole body over a connection of its own; rejects when the connection closes before the answer is read. */
function upload(path: string, headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, worker.url),
      {
        method: 'POST',
        agent: false,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ann.token}`, ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const head = { status: answer.statusCode ?? 0, headers: answer.headers as Record<string, string> }
          resolve(new Response(Buffer.concat(chunks), head))
        })
      },
    )
    sent.on('error', reject)
    sent.end(Buffer.alloc(BODY_BYTES, 'x'))
  })
}

test.each([
  ['/api/tasks', 'announced', { 'Content-Length': String(BODY_BYTES) }],
  ['/api/tasks', 'chunked', { 'Transfer-Encoding': 'chunked' }],
  ['/api/auth/sign-in/email', 'announced', { 'Content-Length': String(BODY_BYTES) }],
  ['/api/auth/oauth2/register', 'chunked', { 'Transfer-Encoding': 'chunked' }],
  ['/mcp', 'announced', { 'Content-Length': String(BODY_BYTES) }],
] as const)(
  'AUTH-100 the client of a 12 MB upload to %s, %s, always reads a 413',
  async (path, _, headers) => {
    for (let time = 0; time < 4; time++) await expectProblem(await upload(path, headers), 413, 'too-large')
  },
)
