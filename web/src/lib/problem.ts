import type { FieldError, ProblemCode } from '#contract/problem.ts'
import type { Task } from '#contract/task.ts'

/**
 * A code of the API; or `network` when no answer came, `unreadable` when the answer was not of the form it should have,
 * `client-error` when our own code in the browser failed.
 */
export type FailureCode = ProblemCode | 'network' | 'unreadable' | 'client-error'

/** A failure as plain data, which can be stored. */
export interface ProblemFields {
  code: FailureCode
  /** HTTP status; 0 without a response. */
  status: number
  title: string
  detail: string
  errors?: readonly FieldError[]
  request_id?: string | undefined
  /** Seconds to wait before a retry, from `Retry-After`. */
  retry_after?: number | undefined
  /** The current task, when a precondition on its version failed. */
  task?: Task | undefined
}

/** A failed call, with a message for the user. */
export class ApiProblem extends Error implements ProblemFields {
  declare readonly code: FailureCode
  declare readonly status: number
  declare readonly title: string
  declare readonly detail: string
  readonly errors: readonly FieldError[] = []
  declare readonly request_id: string | undefined
  declare readonly retry_after: number | undefined
  declare readonly task: Task | undefined

  constructor(fields: ProblemFields) {
    super(fields.detail)
    this.name = 'ApiProblem'
    Object.assign(this, fields)
  }
}

/** Returns the problem of a request that got no answer, or only part of one. */
export const networkProblem = (cause: unknown): ApiProblem =>
  problemWithCause(cause, {
    code: 'network',
    status: 0,
    title: 'No connection',
    detail: 'Margin can’t be reached. Check your connection.',
  })

/**
 * Returns the problem of a successful response whose body is not JSON: the fault of something between the page and the
 * API, such as the login page of a Wi-Fi network. It counts as a bad gateway (502), so it is transient.
 */
export const unreadableProblem = (cause: unknown): ApiProblem =>
  problemWithCause(cause, {
    code: 'unreadable',
    status: 502,
    title: 'The answer could not be read',
    detail: 'Something between this page and Margin answered instead. Check your connection.',
  })

/**
 * Returns the problem to show for anything caught: an ApiProblem as it is. Everything else is a mistake in our own code:
 * it is logged, and another attempt would fail in the same way.
 */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  console.error(error)
  return problemWithCause(error, {
    code: 'client-error',
    status: 0,
    title: 'Something went wrong on this page',
    detail: 'That is our mistake. Reload the page, then try again.',
  })
}

function problemWithCause(cause: unknown, fields: ProblemFields): ApiProblem {
  const problem = new ApiProblem(fields)
  problem.cause = cause
  return problem
}

/** Reads the problem from a failed response, whatever its body is: problem+json, HTML, nothing. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body = await readRecord(response)
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return new ApiProblem({
    // The server is ours, so a string is one of the contract's codes (or of Better Auth's).
    code: typeof body['code'] === 'string' ? (body['code'] as ProblemCode) : 'unreadable',
    status: response.status,
    title: textOr(body['title'], 'Something went wrong'),
    // Better Auth calls it `message`.
    detail: textOr(body['detail'], textOr(body['message'], messageFor(response.status))),
    errors: Array.isArray(body['errors']) ? body['errors'].filter(isFieldError) : [],
    request_id: textOr(body['request_id'], response.headers.get('X-Request-Id') ?? undefined),
    retry_after: Number.isFinite(seconds) ? Math.max(0, seconds) : undefined,
    ...(isTask(body['task']) && { task: body['task'] }),
  })
}

async function readRecord(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => undefined)
  return isRecord(body) ? body : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The server sends tasks whole, so one field tells. */
function isTask(value: unknown): value is Task {
  return isRecord(value) && 'updated_at' in value
}

function textOr<Fallback>(value: unknown, fallback: Fallback): string | Fallback {
  return typeof value === 'string' && value !== '' ? value : fallback
}

function isFieldError(value: unknown): value is FieldError {
  return typeof value === 'object' && value !== null && 'field' in value && 'message' in value
}

function messageFor(status: number): string {
  if (status === 429) return 'That was too much at once. Wait a moment and try again.'
  if (status >= 500) return 'Margin is having trouble right now. Try again in a moment.'
  return 'The server did not accept this.'
}
