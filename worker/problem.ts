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
import { readAssets, SettingsError } from './settings.ts'

interface Particulars {
  /** Response headers that belong to the failure: Allow, WWW-Authenticate, Retry-After (seconds). */
  headers?: Record<string, string>
  errors?: FieldError[]
  /** The task as it is now, with `precondition-failed`. */
  task?: Task
}

/** The one way for this Worker to refuse: `detail` is for the caller, and tells what to do. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly code: ProblemCode
  readonly detail: string
  readonly headers: Record<string, string>
  readonly extras: Pick<Particulars, 'errors' | 'task'>

  constructor(code: ProblemCode, detail: string, { headers = {}, ...extras }: Particulars = {}) {
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

/** The one answer for a database that cannot be reached; `Retry-After` is in seconds. */
export const databaseUnavailable = () =>
  new ProblemError('database-away', 'The database is not answering. Try again in a moment.', {
    headers: { 'Retry-After': '1' },
  })

const unforeseen = () =>
  new ProblemError('internal', 'This is our fault, not yours. If it keeps happening, report the request id.')

/** What was thrown, as a problem; what nobody foresaw stays silent. */
function toProblem(error: Error): ProblemError {
  if (error instanceof ProblemError) return error
  if (unavailableReason(error)) return databaseUnavailable()
  if (error instanceof HTTPException && error.status === 400)
    return new ProblemError('invalid-input', 'The body is not JSON.')
  if (error instanceof SettingsError)
    return new ProblemError('internal', 'This server is not set up yet. Its log says what is missing.')
  return unforeseen()
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

/** What was thrown, in words for a caller that gets no response of its own; what is our fault is logged. */
export function toProblemAndLog(error: unknown): ProblemError {
  const problem = toProblem(error as Error)
  const { status } = PROBLEMS[problem.code]
  const c = tryGetContext<AppEnv>()
  if (status >= 500 && c && error instanceof Error) logRequestFailure(c, error, status)
  return problem
}

/** Where people are led to, not programs. */
const FOR_PEOPLE = /^\/(?!api\/|mcp$|\.well-known\/)|^\/api\/auth\/oauth2\/authorize$/

/** What a person gets to read in their browser when a page of theirs cannot be made. */
async function pageOf(c: Context<AppEnv>, status: ContentfulStatusCode, headers: Record<string, string>) {
  const page = await readAssets(c.env).fetch(new Request(new URL('/out-of-order', c.req.url)))
  return c.body(await page.text(), status, {
    ...Object.fromEntries(page.headers),
    'Cache-Control': 'private, no-store',
    ...headers,
  })
}

/**
 * Renders whatever was thrown as problem details (RFC 9457); for a person, what is our fault is a page. The only place
 * where a failure becomes a response.
 */
export const onError: ErrorHandler<AppEnv> = (error, c) => {
  const { code, detail, headers, extras } = toProblem(error)
  const { status, title } = PROBLEMS[code]
  if (status >= 500) logRequestFailure(c, error, status)
  if (status >= 500 && FOR_PEOPLE.test(c.req.path) && c.req.header('Accept')?.includes('text/html'))
    return pageOf(c, status, headers)
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

/** A refusal in OAuth's shape (RFC 6749 §5.2), for the clients that know it. */
export const oauthError = (c: Context, error: string, description: string) =>
  c.json({ error, error_description: description }, 400)
