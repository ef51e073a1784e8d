import type { Context, ErrorHandler } from 'hono'
import { tryGetContext } from 'hono/context-storage'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from './context.ts'
import { PROBLEMS, type FieldError, type Problem, type ProblemCode } from './contract/problem.ts'
import type { Task } from './contract/task.ts'
import { databaseFailureReason, sqlState, unavailableReason } from './db/error.ts'
import { log } from './log.ts'
import { SettingsError } from './settings.ts'

interface ProblemDetails {
  /** Response headers that belong to the failure: Allow, WWW-Authenticate, Retry-After (seconds). */
  headers?: Record<string, string>
  errors?: FieldError[]
  /** The task as it is now, with `precondition-failed`. */
  task?: Task
}

/** A refusal or failure that becomes a problem response. `detail` tells the client what to do. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly code: ProblemCode
  readonly detail: string
  readonly headers: Record<string, string>
  readonly extras: Pick<ProblemDetails, 'errors' | 'task'>

  constructor(code: ProblemCode, detail: string, { headers = {}, ...extras }: ProblemDetails = {}) {
    super(detail)
    this.code = code
    this.detail = detail
    this.headers = headers
    this.extras = extras
  }
}

/**
 * Returns the refusal of a request without a valid token. The challenge names no error when no token was sent
 * (RFC 6750 §3); `challenge` adds parameters to it.
 */
export function unauthenticated(
  detail: string,
  { tokenSent, challenge = {} }: { tokenSent: boolean; challenge?: Record<string, string> | undefined },
): ProblemError {
  const parameters = { realm: 'margin', ...(tokenSent && { error: 'invalid_token' }), ...challenge }
  const quoted = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return new ProblemError('unauthenticated', detail, {
    headers: { 'WWW-Authenticate': `Bearer ${quoted.join(', ')}` },
  })
}

/** The problem of a database that cannot be reached; `Retry-After` is in seconds. */
export const databaseUnavailable = () =>
  new ProblemError('database-away', 'The database is not answering. Try again in a moment.', {
    headers: { 'Retry-After': '1' },
  })

const internalError = () =>
  new ProblemError('internal', 'This is our fault, not yours. If it keeps happening, report the request id.')

/** Converts an error to a problem; unexpected errors reveal nothing. */
function toProblem(error: Error): ProblemError {
  if (error instanceof ProblemError) return error
  if (unavailableReason(error)) return databaseUnavailable()
  if (error instanceof HTTPException && error.status === 400)
    return new ProblemError('invalid-input', 'The body is not JSON.')
  if (error instanceof SettingsError)
    return new ProblemError('internal', 'This server is not set up yet. Its log says what is missing.')
  return internalError()
}

/** Logs a failed request by its route, never by its address. */
export function logRequestFailure(c: Context, error: Error, status: number) {
  const { requestId } = (c as Context<AppEnv>).var
  logFailure({ request_id: requestId, method: c.req.method, route: routePath(c, -1), status }, error)
}

/** Logs an error by its name and SQLSTATE: its message may quote SQL, parameters or a connection string. */
export function logFailure(where: Record<string, unknown>, error: unknown) {
  log('error', {
    ...where,
    error: error instanceof Error ? error.name : typeof error,
    sqlstate: sqlState(error),
    reason: error instanceof SettingsError ? error.message : databaseFailureReason(error),
  })
}

/** Converts an error to a problem for a client that gets no response of its own, and logs it when it is a failure of ours. */
export function toProblemAndLog(error: unknown): ProblemError {
  const problem = toProblem(error as Error)
  const { status } = PROBLEMS[problem.code]
  const c = tryGetContext<AppEnv>()
  if (status >= 500 && c && error instanceof Error) logRequestFailure(c, error, status)
  return problem
}

/** Paths that browsers navigate to. */
const BROWSER_PATHS = /^\/(?!api\/|mcp$|\.well-known\/)|^\/api\/auth\/oauth2\/authorize$/

/** Renders the page that a browser shows when a page has failed. */
async function errorPage(c: Context<AppEnv>, status: ContentfulStatusCode, headers: Record<string, string>) {
  const page = await c.var.assets.fetch(new Request(new URL('/out-of-order', c.req.url)))
  return c.body(await page.text(), status, {
    ...Object.fromEntries(page.headers),
    'Cache-Control': 'private, no-store',
    ...headers,
  })
}

/**
 * Renders an error as problem details (RFC 9457), or as a page when a browser navigates and the failure is ours. The only
 * place where an error becomes a response.
 */
export const onError: ErrorHandler<AppEnv> = (error, c) => {
  const { code, detail, headers, extras } = toProblem(error)
  const { status, title } = PROBLEMS[code]
  if (status >= 500) logRequestFailure(c, error, status)
  if (status >= 500 && BROWSER_PATHS.test(c.req.path) && c.req.header('Accept')?.includes('text/html'))
    return errorPage(c, status, headers)
  const problem: Problem = {
    type: `/docs#${code}`,
    title,
    status,
    code,
    detail,
    request_id: c.var.requestId,
    ...extras,
  }
  return c.json(problem, status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...headers,
  })
}

/** Renders a refusal in OAuth's shape (RFC 6749 §5.2), which its clients know. */
export const oauthError = (c: Context, error: string, description: string) =>
  c.json({ error, error_description: description }, 400)
