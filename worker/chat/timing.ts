import { CHAT_TURN_MAX_MS } from '../contract/limits.ts'

/**
 * The times of a turn. They depend on each other, on the time limits of the database (ATTEMPT_TIMEOUT_MS and BUDGET_MS
 * in db/client.ts) and on what a page waits for (CHAT_WATCH_MAX_MS in contract/limits.ts). Each comment below says which
 * inequality must hold; timing.test.ts checks all of them.
 *
 * A request has one budget for waiting on the database (BUDGET_MS), which db/client.ts finds by AsyncLocalStorage. A turn
 * outlives it, so resetBudget gives a new one in three places: for each tool call what its attempt has left, for storing
 * the result what the turn has left, and for each poll the whole budget. (The fourth caller is the export of tasks.)
 *
 *   start ─ agent ─ AGENT_MAX 21 s ─ store ─ CHAT_TURN_MAX 25 s ─── STALE_TURN 30 s ─── CHAT_WATCH_MAX 45 s
 */

/**
 * Time kept at the end of a turn to store its result. Longer than one attempt at a database statement, so that at least
 * one attempt is made in full.
 */
export const STORE_RESULT_MS = 4_000

/** Time from the start of a turn until its agent is stopped. Beginning a turn may use up BUDGET_MS of it, no more. */
export const AGENT_MAX_MS = CHAT_TURN_MAX_MS - STORE_RESULT_MS

/**
 * Time for one response of the model; a turn may need several. Together with the longest wait for a busy server it is
 * shorter than AGENT_MAX_MS, so that one response can be awaited in full.
 */
export const MODEL_TIMEOUT_MS = 15_000

/** Longest `Retry-After` of a busy model server that is waited for. When the server asks for more, the turn fails at once. */
export const MODEL_RETRY_AFTER_MAX_SECONDS = 2

/**
 * Age at which a running attempt counts as failed, because its Worker must have been stopped. Longer than a turn plus one
 * attempt at a database statement: an attempt that is still storing its result is never replaced by another.
 */
export const STALE_TURN_MS = 30_000

/**
 * Time between two reads of a reply that another request is making. Shorter than STORE_RESULT_MS, so that a reply that is
 * stored as soon as its agent has ended is read before CHAT_TURN_MAX_MS, when the reader gives up.
 */
export const POLL_INTERVAL_MS = 400
