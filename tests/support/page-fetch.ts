/** Headers of a request that a page may send, and of an answer that it may read, without anybody's leave. */
const SENT_FREELY = ['accept', 'accept-language', 'content-language']
const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
const READ_FREELY = ['cache-control', 'content-language', 'content-length', 'content-type']
/** What the network adds, and no page asks for. */
const OF_THE_NETWORK = ['cf-connecting-ip']

const listIn = (headers: Headers, name: string): string[] =>
  (headers.get(name) ?? '').split(',').map((one) => one.trim().toLowerCase())

/** `fetch` as a page of this origin has it: it asks first where CORS says so, and reads what it is shown. */
export const pageFetch =
  (page: string): typeof fetch =>
  async (url, init) => {
    const request = new Request(url, init)
    const isShown = (headers: Headers) =>
      ['*', page].includes(headers.get('Access-Control-Allow-Origin') ?? '')
    const asking = [...request.headers.keys()].filter(
      (name) =>
        !SENT_FREELY.includes(name) &&
        !OF_THE_NETWORK.includes(name) &&
        !(name === 'content-type' && SIMPLE_TYPES.includes(request.headers.get(name) ?? '')),
    )
    if (asking.length > 0 || !['GET', 'HEAD', 'POST'].includes(request.method)) {
      const preflight = await fetch(request.url, {
        method: 'OPTIONS',
        headers: {
          Origin: page,
          'Access-Control-Request-Method': request.method,
          ...(asking.length > 0 && { 'Access-Control-Request-Headers': asking.join(',') }),
        },
      })
      const allowed = listIn(preflight.headers, 'Access-Control-Allow-Headers')
      const missing = asking.filter((name) => !allowed.includes(name))
      if (!preflight.ok || !isShown(preflight.headers) || missing.length > 0)
        throw new TypeError(`CORS: ${request.method} ${request.url} may not send ${missing.join(', ')}`)
    }
    const headers = new Headers(request.headers)
    headers.set('Origin', page)
    const response = await fetch(request, { headers })
    if (!isShown(response.headers)) throw new TypeError(`CORS: ${request.url} may not be read`)
    const shown = [...READ_FREELY, ...listIn(response.headers, 'Access-Control-Expose-Headers')]
    const readable = [...response.headers].filter(([name]) => shown.includes(name))
    const { status } = response
    return new Response(response.body, { status, headers: readable })
  }
