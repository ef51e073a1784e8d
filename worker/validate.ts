import { zValidator } from '@hono/zod-validator'
import type { ValidationTargets } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ZodType } from 'zod'
import { BODY_MAX_BYTES } from './contract/limits.ts'
import { ProblemError } from './problem.ts'

/** Most fields that a refusal lists: a small body can be wrong in very many places. */
const ERRORS_MAX = 100

/**
 * Validates one part of a request against a schema of the contract; handlers read the result with `c.req.valid`.
 * @throws ProblemError `invalid-input`, which lists the fields
 */
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

/** Most bytes of a body that are read although it is refused. */
const DISCARD_MAX_BYTES = 16 * 1024 * 1024
/** Longest pause of a client that is sending such a body, milliseconds. */
const DISCARD_IDLE_MS = 1_000

/**
 * Refuses bodies over 64 KiB, by their announced length or while they are read. The rest of the body is discarded before
 * the answer: a client that is still sending when the connection closes loses the answer.
 * @throws ProblemError `too-large`
 */
export const limitBody = createMiddleware(async function limitBody(c, next) {
  const { body, headers } = c.req.raw
  const announced = headers.has('Transfer-Encoding') ? null : headers.get('Content-Length')
  if (!body || (announced !== null && Number(announced) <= BODY_MAX_BYTES)) return next()
  const reader = body.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = Number(announced)
  while (bytes <= BODY_MAX_BYTES) {
    const { done, value } = await reader.read()
    if (done) {
      c.req.raw = new Request(c.req.raw, { method: c.req.method, body: await new Blob(chunks).arrayBuffer() })
      return next()
    }
    chunks.push(value)
    bytes += value.byteLength
  }
  if (bytes <= DISCARD_MAX_BYTES) await discard(reader)
  throw new ProblemError('too-large', `A body is limited to ${BODY_MAX_BYTES / 1024} KiB.`)
})

/** Reads to the end of a body, but no more than DISCARD_MAX_BYTES and not while its client sends nothing. */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let bytes = 0; bytes < DISCARD_MAX_BYTES;) {
    const idle = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => idle.resolve(undefined), DISCARD_IDLE_MS)
    const chunk = await Promise.race([reader.read().catch(() => undefined), idle.promise])
    clearTimeout(timer)
    if (!chunk || chunk.done) return
    bytes += chunk.value.byteLength
  }
}

/**
 * Runs before zValidator('json'), which treats a missing Content-Type as `{}` and decodes invalid UTF-8 to U+FFFD.
 * @throws ProblemError `unsupported-media-type` or `invalid-input`
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
