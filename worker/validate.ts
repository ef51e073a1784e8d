import { zValidator } from '@hono/zod-validator'
import type { ValidationTargets } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ZodType } from 'zod'
import { BODY_MAX_BYTES } from './contract/limits.ts'
import { ProblemError } from './problem.ts'

/** Fields that a refusal names at most: a small body can be wrong in very many places. */
const ERRORS_MAX = 100

/** Checks one part of a request against a schema of the contract; handlers read it with `c.req.valid`. */
export const validate = <Target extends keyof ValidationTargets, Schema extends ZodType>(
  target: Target,
  schema: Schema,
) =>
  zValidator(target, schema, (result) => {
    if (result.success) return
    const errors = result.error.issues
      .slice(0, ERRORS_MAX)
      .map(({ path, message }) => ({ field: path.join('.'), message }))
    throw new ProblemError('invalid-input', [...new Set(errors.map((error) => error.message))].join(' '), {
      errors,
    })
  })

/** Refuses bodies over 64 KiB, by their announced length or while they are read. */
export const limitBody = bodyLimit({
  maxSize: BODY_MAX_BYTES,
  onError: () => {
    throw new ProblemError('too-large', `A body is limited to ${BODY_MAX_BYTES / 1024} KiB.`)
  },
})

/**
 * Goes before a validator of JSON: that one would take a missing type for an empty object, and broken UTF-8 for
 * question marks.
 */
export const jsonBody = createMiddleware(async function jsonBody(c, next) {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(c.req.header('Content-Type') ?? ''))
    throw new ProblemError(
      'unsupported-media-type',
      'Send the body as JSON, with Content-Type: application/json.',
    )
  requireUtf8(await c.req.arrayBuffer())
  await next()
})

function requireUtf8(bytes: ArrayBuffer) {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new ProblemError('invalid-input', 'The body is not valid UTF-8.')
  }
}
