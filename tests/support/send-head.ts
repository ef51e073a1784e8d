import { request } from 'node:http'

/**
 * Sends the head of a request but no body, over a connection of its own, and returns the answer that is given without
 * it. A complete body that the server does not read may reset the connection before the answer is received.
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
