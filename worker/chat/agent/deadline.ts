import { AGENT_MAX_MS } from '../timing.ts'

/** The time that an attempt has left. Tests pass one that expires when they say so. */
export interface Deadline {
  /** Aborted when the time is up. */
  signal: AbortSignal
  /** Milliseconds left; 0 or less when the time is up. */
  remainingMs(): number
}

/** Returns the deadline of an attempt whose turn started at `startedAt`, in milliseconds since 1970. */
export function createDeadline(startedAt: number): Deadline {
  const remainingMs = () => startedAt + AGENT_MAX_MS - Date.now()
  return { remainingMs, signal: AbortSignal.timeout(Math.max(remainingMs(), 0)) }
}
