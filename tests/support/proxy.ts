import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Fate =
  | 'pass'
  | 'down'
  | { waitMs: number }
  | { status: number }
  | { edit: (text: string) => string }
  | { add: Record<string, string> }

/** Starts a proxy between a browser and the product, so that a test can decide what happens to each request. */
export async function startProxy(target: string | (() => string)) {
  const whereTo = typeof target === 'string' ? () => target : target
  let fateOf: (path: string) => Fate = () => 'pass'

  const server = createServer((asked, answer) => {
    const fate = fateOf(asked.url ?? '/')
    if (fate === 'down') return void asked.socket.destroy()
    if (fate !== 'pass' && 'status' in fate) return void answer.writeHead(fate.status).end('out of order')
    setTimeout(() => pass(asked, answer, fate), fate !== 'pass' && 'waitMs' in fate ? fate.waitMs : 0)
  })

  function pass(asked: IncomingMessage, answer: ServerResponse, fate: Fate) {
    // The complete answer, uncompressed: a 304 could not be edited.
    const { 'if-none-match': _etag, ...others } = asked.headers
    const added = typeof fate !== 'string' && 'add' in fate ? fate.add : {}
    const headers = { ...others, 'accept-encoding': 'identity', ...added }
    const onward = request(
      new URL(asked.url ?? '/', whereTo()),
      { method: asked.method ?? 'GET', headers },
      (came) => {
        if (typeof fate === 'string' || !('edit' in fate)) {
          answer.writeHead(came.statusCode ?? 502, came.headers)
          return void came.pipe(answer)
        }
        const chunks: Buffer[] = []
        came.on('data', (chunk: Buffer) => chunks.push(chunk))
        came.on('end', () => {
          const { 'content-length': _length, ...kept } = came.headers
          answer.writeHead(came.statusCode ?? 502, kept).end(fate.edit(Buffer.concat(chunks).toString()))
        })
      },
    )
    onward.on('error', () => asked.socket.destroy())
    asked.pipe(onward)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** Decides by path what happens to each request from now on. */
    decide: (next: typeof fateOf) => void (fateOf = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
