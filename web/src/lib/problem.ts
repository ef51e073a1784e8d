import type { FieldError, ProblemCode } from '#contract/problem.ts'
import type { Task } from '#contract/task.ts'

/** A code of the API; `network` without a response; `unreadable` when the response was not a problem document. */
export type FailureCode = ProblemCode | 'network' | 'unreadable'

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

/** What a call that never got an answer is turned into. */
export function networkProblem(cause: unknown): ApiProblem {
  const problem = new ApiProblem({
    code: 'network',
    status: 0,
    title: 'No connection',
    detail: 'Margin can’t be reached. Check your connection.',
  })
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
