import * as z from 'zod'
import { Task } from './task.ts'

/** Every way in which a request can fail, with the HTTP status and the title of its problem. */
export const PROBLEMS = {
  'invalid-input': { status: 400, title: 'This request cannot be used' },
  unauthenticated: { status: 401, title: 'Log in first' },
  forbidden: { status: 403, title: 'This is not yours' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This address does not do that' },
  conflict: { status: 409, title: 'This conflicts with what is there' },
  'precondition-failed': { status: 412, title: 'It has changed since you read it' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-media-type': { status: 415, title: 'Send JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  'assistant-failed': { status: 502, title: 'The assistant could not answer' },
  'database-away': { status: 503, title: 'The database is away' },
} as const
export type ProblemCode = keyof typeof PROBLEMS
export type ProblemStatus = (typeof PROBLEMS)[ProblemCode]['status']

// Object.keys has the type string[]; the keys are those of the type.
export const ProblemCode = z.enum(Object.keys(PROBLEMS) as ProblemCode[])

/** An invalid field of a request; `field` is a dotted path into the body or query, empty for the whole of it. */
export const FieldError = z.object({ field: z.string(), message: z.string() })
export type FieldError = z.infer<typeof FieldError>

/** Every failure of the API: RFC 9457 problem details with a code, a request id and the invalid fields. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: ProblemCode,
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(FieldError).optional(),
    task: Task.optional().meta({ description: 'The task as it is now, with `precondition-failed`.' }),
  })
  .meta({ id: 'Problem', description: 'A failure, as RFC 9457 problem details.' })
export type Problem = z.infer<typeof Problem>
