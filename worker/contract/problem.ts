import * as z from 'zod'
import { Task } from './task.ts'

/** What can go wrong, as callers may rely on it: each code has one HTTP status (see worker/problem.ts). */
export const ProblemCode = z.enum([
  'invalid-input',
  'unauthenticated',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'precondition-failed',
  'too-large',
  'unsupported-media-type',
  'too-many-requests',
  'internal',
  'assistant-failed',
  'database-away',
])
export type ProblemCode = z.infer<typeof ProblemCode>

/** One field that was refused; `field` is a dotted path into what was sent, `` for the whole of it. */
export const FieldError = z.object({ field: z.string(), message: z.string() })
export type FieldError = z.infer<typeof FieldError>

/** Every failure of the API: RFC 9457 problem details with a code, a request id and the refused fields. */
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
