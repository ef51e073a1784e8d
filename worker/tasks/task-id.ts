import { v5, v7 } from 'uuid'
import { ProblemError } from '../problem.ts'

const KEY_MAX_CHARS = 255

/**
 * Returns the id of a new task: the one the client made, or one derived from the user and the Idempotency-Key (RFC 9562
 * §5.5), or a new one that sorts by time (§5.7).
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

export const taskPath = ({ id }: { id: string }): string => `/api/tasks/${id}`
