import type { ProblemFields } from '../lib/problem.ts'
import type { Operation } from './operation.ts'

const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
/** Upper bound for the server's `Retry-After`: it may be wrong, or come from a proxy. */
const MAX_RETRY_AFTER_MS = 60_000
/** Pushes of an operation that follow one another at once when the task was changed in between. */
const MAX_IMMEDIATE_PUSHES = 3

/** 401: the same call succeeds after the user has logged in again. */
const TRANSIENT_STATUSES: readonly number[] = [401, 408, 425, 429]

/** Returns whether the same call may succeed later; if not, the user has to decide. */
export function isTransient({ code, status }: ProblemFields): boolean {
  if (code === 'client-error') return false
  return status === 0 || status >= 500 || TRANSIENT_STATUSES.includes(status)
}

/**
 * Returns the milliseconds to wait after that many consecutive failures: the server's `retry_after` (seconds) within
 * bounds, otherwise exponential backoff with jitter from `random` (0..1), so that many pages do not return at once.
 */
export function backoffMs(failures: number, retry_after: number | undefined, random = Math.random()): number {
  if (retry_after !== undefined)
    return Math.min(MAX_RETRY_AFTER_MS, Math.max(FIRST_DELAY_MS, retry_after * 1_000))
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)) * (0.75 + random / 2)
}

/** Creates one tab's record of when a failed operation may be pushed again. */
export function createBackoff() {
  /** Consecutive failures since the last success, user action or `online` event. */
  let failures = 0
  /** Attempt we last backed off for; undefined skips the backoff. */
  let backedOffFor: string | undefined = ''

  return {
    /** Every tab backs off after a failure, whichever tab pushed; so it does when a task keeps changing elsewhere. */
    isDue(operation: Operation): boolean {
      if (!operation.problem && operation.tries <= MAX_IMMEDIATE_PUSHES) return true
      return backedOffFor === undefined || backedOffFor === attemptOf(operation)
    },
    /** Returns the milliseconds to wait, after which `isDue` of this attempt holds. */
    start(operation: Operation): number {
      backedOffFor = attemptOf(operation)
      return backoffMs(Math.max(failures, 1), operation.problem?.retry_after)
    },
    succeeded(): void {
      failures = 0
    },
    failed(): void {
      backedOffFor = ''
      failures++
    },
    /** Requires a backoff of the next failed operation, as nothing is left to skip it for. */
    rearm(): void {
      backedOffFor = ''
    },
    /** Lets everything go at once: the user, or the network, is back. */
    skip(): void {
      backedOffFor = undefined
      failures = 0
    },
  }
}

const attemptOf = ({ key, tries }: Operation): string => `${key} ${tries}`
