import type * as z from 'zod'
import type { ZodOpenApiResponsesObject } from 'zod-openapi'
import { Problem, type ProblemStatus } from './problem.ts'

/** Describes JSON content, of a request or a response. */
export const json = <S extends z.ZodType>(schema: S) => ({ content: { 'application/json': { schema } } })
export const body = <S extends z.ZodType>(schema: S) => ({ required: true, ...json(schema) })

const problemDescriptions = {
  '400': 'The request cannot be used; `errors` names the fields.',
  '401': 'No token, or one that is not good here.',
  '403': 'The token is not one for this.',
  '404': 'The caller has nothing of this id.',
  '409': 'The id is taken, or what is asked clashes with what is under way.',
  '412': 'The task has changed since the version in If-Match; `task` holds it as it is.',
  '413': 'The body is over 64 KiB.',
  '415': 'The body is not JSON.',
  '429': 'Too much for now; try again after Retry-After seconds.',
  '502': 'The assistant’s model gave no answer that can be used; send the same `message_id` to try again.',
  '503': 'The database is away; try again after Retry-After seconds.',
} as const satisfies { [Status in `${ProblemStatus}`]?: string }

const header = (description: string, required: boolean) => ({
  description,
  required,
  schema: { type: 'string' as const },
})
/** Headers of a response; `required` ones are always present. */
export const headers = {
  etag: { ETag: header('The version, for If-Match.', true) },
  link: { Link: header('`<…>; rel="next"`, when there is another page.', false) },
  location: { Location: header('Where the task is.', true) },
  download: { 'Content-Disposition': header('The name of the file.', true) },
}
const problemHeaders: Partial<Record<keyof typeof problemDescriptions, ReturnType<typeof headersOf>>> = {
  '401': headersOf('WWW-Authenticate', '`Bearer`, and what is wrong with the token that was sent.'),
  '409': headersOf('Retry-After', 'Seconds until what is under way is over, when that is known.', false),
  '429': headersOf('Retry-After', 'Seconds until it is worth trying again.'),
  '503': headersOf('Retry-After', 'Seconds until it is worth trying again.'),
}
function headersOf(name: string, description: string, required = true) {
  return { headers: { [name]: header(description, required) } }
}

/** Describes the problems that an operation can respond with, besides 500, which any can. */
export const problems = (...statuses: (keyof typeof problemDescriptions)[]): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: problemDescriptions[status],
        ...problemHeaders[status],
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  )
