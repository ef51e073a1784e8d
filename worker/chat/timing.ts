import { CHAT_TURN_MAX_MS } from '../contract/limits.ts'

/**
 * The times of a turn. They depend on each other, on the time limits of the database (ATTEMPT_TIMEOUT_MS and BUDGET_MS
 * in db/client.ts) and on what a page waits for (CHAT_WATCH_MAX_MS in contract/limits.ts). Each comment below says which
 * inequality must hold; timing.test.ts checks all of them.
 *
 *   0 ──────────── agent ──────────── AGENT_MAX ── store ── CHAT_TURN_MAX ──── STALE_TURN ──── CHAT_WATCH_MAX
 *   0                                     21 s                  25 s              30 s              45 s
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
 * Time between two reads of a reply that another request is making. Each read has a database budget of its own
 * (resetBudget), so that only CHAT_TURN_MAX_MS limits how long the reply is followed.
 */
export const POLL_INTERVAL_MS = 400
