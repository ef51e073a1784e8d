import type { Context, Hono, NotFoundHandler } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { createAuth, type Auth } from './auth/auth.ts'
import type { AppEnv } from './context.ts'
import { connect, newDatabaseUse, type Database } from './db/client.ts'
import { onError, ProblemError } from './problem.ts'
import { readAssets, readSettings } from './settings.ts'

let shared: { database: Database; auth: Auth } | undefined

/** Sets the static site, the settings, the database and Better Auth; the last two are made once per isolate. */
export const services = createMiddleware<AppEnv>(async function services(c, next) {
  // First, because the page for a failure is needed when a setting is missing.
  c.set('assets', readAssets(c.env))
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
 * Reports in Server-Timing how long a request took, in ms: for the token (`auth`) and for the database (`db`), whose
 * `desc` is the number of round trips. On Cloudflare the clock only advances during I/O.
 */
export const measure = createMiddleware<AppEnv>(async function measure(c, next) {
  const use = newDatabaseUse()
  c.set('databaseUse', use)
  await next()
  const timing = `auth;dur=${c.get('authMs') ?? 0}, db;dur=${use.waitedMs};desc="${use.roundTrips}"`
  c.res.headers.set('Server-Timing', timing)
})

/** The security headers, equal to those of the static site in web/public/_headers; a test compares the two. */
const SECURITY_HEADERS = Object.entries({
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
})

/** Sets the security headers that a response lacks: the Worker's own are protected like the static site. */
export const securityHeaders = createMiddleware<AppEnv>(async function securityHeaders(c, next) {
  await next()
  const { headers } = c.res
  for (const [name, value] of SECURITY_HEADERS) if (!headers.has(name)) headers.set(name, value)
})

/** Forbids caching responses of the API and running or loading anything in them. */
export const apiHeaders = createMiddleware<AppEnv>(async function apiHeaders(c, next) {
  await next()
  const { headers } = c.res
  headers.set('Cache-Control', 'no-store')
  // The page that /api/auth/oauth2/authorize shows for a failure has its own policy.
  if (!headers.get('Content-Type')?.startsWith('text/html'))
    headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
})

/** Allows the origins in ALLOWED_ORIGINS and no others (CORS), on failures too. */
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
    // MCP, revisions 2026-07-28 and 2025-11-25.
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
 * Answers requests that match no route: 405 when the path has other methods, else 404; outside the API, the static site,
 * which has a 404 page. It does not throw, because Hono would then skip what CORS does after the handler.
 */
export const notFound =
  (app: Pick<Hono<AppEnv>, 'router'>): NotFoundHandler<AppEnv> =>
  (c) => {
    if (!c.req.path.startsWith('/api/')) return c.var.assets.fetch(c.req.raw)
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
    ).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    if (allowed.length === 0) return onError(new ProblemError('not-found', 'Nothing is at this address.'), c)
    const headers = { Allow: allowed.join(', ') }
    return onError(new ProblemError('method-not-allowed', `Use ${headers.Allow} here.`, { headers }), c)
  }
