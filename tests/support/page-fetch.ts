/** Headers that a page may send, and content types, without a preflight request (Fetch, CORS-safelisted). */
const SAFELISTED_REQUEST_HEADERS = ['accept', 'accept-language', 'content-language']
const SAFELISTED_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
const SAFELISTED_RESPONSE_HEADERS = ['cache-control', 'content-language', 'content-length', 'content-type']
/** Headers that the network adds, not the page. */
const NETWORK_HEADERS = ['cf-connecting-ip']

const listIn = (headers: Headers, name: string): string[] =>
  (headers.get(name) ?? '').split(',').map((one) => one.trim().toLowerCase())

/** Returns `fetch` as a page of this origin has it: with preflight requests, and only the headers that CORS exposes. */
export const pageFetch =
  (page: string): typeof fetch =>
  async (url, init) => {
    const request = new Request(url, init)
    const isReadable = (headers: Headers) =>
      ['*', page].includes(headers.get('Access-Control-Allow-Origin') ?? '')
    const unsafeHeaders = [...request.headers.keys()].filter(
      (name) =>
        !SAFELISTED_REQUEST_HEADERS.includes(name) &&
        !NETWORK_HEADERS.includes(name) &&
        !(name === 'content-type' && SAFELISTED_TYPES.includes(request.headers.get(name) ?? '')),
    )
    if (unsafeHeaders.length > 0 || !['GET', 'HEAD', 'POST'].includes(request.method)) {
      const preflight = await fetch(request.url, {
        method: 'OPTIONS',
        headers: {
          Origin: page,
          'Access-Control-Request-Method': request.method,
          ...(unsafeHeaders.length > 0 && { 'Access-Control-Request-Headers': unsafeHeaders.join(',') }),
        },
      })
      const allowed = listIn(preflight.headers, 'Access-Control-Allow-Headers')
      const missing = unsafeHeaders.filter((name) => !allowed.includes(name))
      if (!preflight.ok || !isReadable(preflight.headers) || missing.length > 0)
        throw new TypeError(`CORS: ${request.method} ${request.url} may not send ${missing.join(', ')}`)
    }
    const headers = new Headers(request.headers)
    headers.set('Origin', page)
    const response = await fetch(request, { headers })
    if (!isReadable(response.headers)) throw new TypeError(`CORS: ${request.url} may not be read`)
    const exposed = [
      ...SAFELISTED_RESPONSE_HEADERS,
      ...listIn(response.headers, 'Access-Control-Expose-Headers'),
    ]
    const readable = [...response.headers].filter(([name]) => exposed.includes(name))
    const { status } = response
    return new Response(response.body, { status, headers: readable })
  }
