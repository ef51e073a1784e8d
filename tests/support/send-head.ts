import { request } from 'node:http'

/**
 * Sends the head of a request whose body never comes, over a connection of its own, and tells what is answered all the
 * same: what is decided without the body. Sent in full, a body that nobody reads may cost the connection and the answer.
 */
export function sendHead(url: URL, method: string, headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (came) => {
      const chunks: Buffer[] = []
      came.on('data', (chunk: Buffer) => chunks.push(chunk))
      came.on('end', () => {
        const head = { status: came.statusCode ?? 0, headers: came.headers as Record<string, string> }
        resolve(new Response(Buffer.concat(chunks), head))
        asked.destroy()
      })
    })
    asked.on('error', reject)
    asked.flushHeaders()
  })
}
