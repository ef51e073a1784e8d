import type { Context, Hono, NotFoundHandler } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { createAuth, type Auth } from './auth/auth.ts'
import type { AppEnv } from './context.ts'
import { connect, newDatabaseUse, type Database } from './db/client.ts'
import { onError, ProblemError } from './problem.ts'
import { readAssets, readSettings } from './settings.ts'

let shared: { database: Database; auth: Auth } | undefined

/** Gives each request the settings, the database and Better Auth, made once per isolate. */
export const services = createMiddleware<AppEnv>(async function services(c, next) {
  const settings = readSettings(c.env)
  if (!shared) {
    const database = connect(settings)
    shared = { database, auth: createAuth(settings, database) }
  }
  c.set('settings', settings)
  c.set('database', shared.database)
  c.set('auth', shared.auth)
  await next()
})

/**
 * Counts what a request asks of the database, and tells in Server-Timing: ms for knowing who asks and for waiting on the
 * database, whose `desc` is the number of round trips. On Cloudflare a clock only moves while something is waited for.
 */
export const measure = createMiddleware<AppEnv>(async function measure(c, next) {
  const use = newDatabaseUse()
  c.set('databaseUse', use)
  await next()
  const timing = `auth;dur=${c.get('authMs') ?? 0}, db;dur=${use.waitedMs};desc="${use.roundTrips}"`
  headersOf(c).set('Server-Timing', timing)
})

/** As web/public/_headers has them for the static site; a test compares the two. */
const SAFE_HEADERS = Object.entries({
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
})

/** The headers of the answer, to be changed; those of a fetched one are not, so it is copied then. */
function headersOf(c: Context<AppEnv>): Headers {
  try {
    c.res.headers.delete('X-Powered-By')
  } catch {
    c.res = new Response(c.res.body, c.res)
  }
  return c.res.headers
}

/** What the Worker answers by itself, such as a redirect or a failure, is as guarded as the static site. */
export const safeHeaders = createMiddleware<AppEnv>(async function safeHeaders(c, next) {
  await next()
  const headers = headersOf(c)
  for (const [name, value] of SAFE_HEADERS) if (!headers.has(name)) headers.set(name, value)
})

/** What every answer of the API asks of its reader: not to keep it, guess at it or run anything in it. */
export const apiHeaders = createMiddleware<AppEnv>(async function apiHeaders(c, next) {
  await next()
  const headers = headersOf(c)
  headers.set('Cache-Control', 'no-store')
  // OAuth's way in is under /api and leads people: its page has a policy of its own.
  if (!headers.get('Content-Type')?.startsWith('text/html'))
    headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
})

/** CORS for the origins in ALLOWED_ORIGINS and no others, on failures too. */
export const allowOrigins = cors({
  origin: (origin, c: Context<AppEnv>) =>
    c.get('settings').ALLOWED_ORIGINS.includes(origin) ? origin : null,
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: [
    'Authorization',
    'Content-Type',
    'If-Match',
    'Idempotency-Key',
    'X-Request-Id',
    // Of MCP, in either of its revisions.
    'Last-Event-ID',
    'Mcp-Method',
    'Mcp-Name',
    'Mcp-Protocol-Version',
    'Mcp-Session-Id',
  ],
  exposeHeaders: [
    'Content-Disposition',
    'ETag',
    'Link',
    'Location',
    'Retry-After',
    'Server-Timing',
    'WWW-Authenticate',
    'X-Request-Id',
  ],
  credentials: true,
  maxAge: 600,
})

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * An address that nothing answers: 405 when another method would do, else 404; outside of the API, the 404 page.
 * It does not throw: Hono would leave out what the middleware before it, which is CORS, does after it.
 */
export const notFound =
  (app: Pick<Hono<AppEnv>, 'router'>): NotFoundHandler<AppEnv> =>
  (c) => {
    if (!c.req.path.startsWith('/api/')) return readAssets(c.env).fetch(c.req.raw)
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
    ).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    if (allowed.length === 0) return onError(new ProblemError('not-found', 'Nothing is at this address.'), c)
    const headers = { Allow: allowed.join(', ') }
    return onError(new ProblemError('method-not-allowed', `Use ${headers.Allow} here.`, { headers }), c)
  }
