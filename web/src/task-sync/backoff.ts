import type { ProblemFields } from '../lib/problem.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** What a server asks for is heeded up to here: it may be mistaken, or a proxy may speak for it. */
const LONGEST_ASKED_MS = 60_000

/** 401: whoever is here has to log in again, after which the same call goes through. */
const TEMPORARY_STATUSES: readonly number[] = [401, 408, 425, 429]

/** Whether the same call may succeed later; if not, the person has to decide. */
export function isTemporary({ code, status }: ProblemFields): boolean {
  if (code === 'client-error') return false
  return status === 0 || status >= 500 || TEMPORARY_STATUSES.includes(status)
}

/**
 * Milliseconds to wait after that many failures in a row: as long as the server asked for, within reason, else twice as
 * long each time, spread by `random` (0..1) so that many pages do not come back at once.
 */
export function backoffMs(failures: number, retry_after: number | undefined, random = Math.random()): number {
  if (retry_after !== undefined)
    return Math.min(LONGEST_ASKED_MS, Math.max(FIRST_WAIT_MS, retry_after * 1_000))
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.75 + random / 2)
}
