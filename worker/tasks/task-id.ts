import { v5, v7 } from 'uuid'
import { ProblemError } from '../problem.ts'

const KEY_MAX_CHARS = 255

/**
 * The id a new task gets: the one its creator made, or one that the same Idempotency-Key of the same person always
 * gives (RFC 9562 §5.5), or a new one that sorts by time (§5.7).
 * @throws ProblemError `invalid-input` for a key that is empty, too long or not plain ASCII
 */
export function newTaskId(
  userId: string,
  ownId: string | undefined,
  idempotencyKey: string | undefined,
): string {
  if (ownId !== undefined) return ownId
  if (idempotencyKey === undefined) return v7()
  if (!/^[\x20-\x7e]+$/.test(idempotencyKey) || idempotencyKey.length > KEY_MAX_CHARS)
    throw new ProblemError(
      'invalid-input',
      `An Idempotency-Key is 1 to ${KEY_MAX_CHARS} plain ASCII characters.`,
    )
  return v5(idempotencyKey, userId)
}
