import { neon, neonConfig, type NeonQueryFunction } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { tryGetContext } from 'hono/context-storage'
import type { Settings } from '../settings.ts'
import { readResponse, DatabaseUnavailable, isReadQuery } from './response.ts'
import * as schema from './schema.ts'

/** Drizzle over Neon's HTTP driver, which is `$client`. */
export type Db = NeonHttpDatabase<typeof schema> & { $client: NeonQueryFunction<false, false> }

/** Two ways to the same database; they differ in what happens when an answer does not come. */
export interface Database {
  /** For statements that may run twice without harm: repeated when the outcome is unknown. */
  repeatable: Db
  /** For the rest: repeated only when it is certain that nothing ran. */
  once: Db
}

/** What one request asked of the database. */
export interface DatabaseUse {
  /** Milliseconds that may still be spent waiting for it: what a request does meanwhile costs nothing of that. */
  remainingMs: number
  /** HTTP round trips to Neon, repeats included. */
  roundTrips: number
  /** Milliseconds spent waiting for them. */
  waitedMs: number
  /** Whether the database was given up on. */
  unavailable: boolean
}

/** Longest wait for one answer, ms; a Neon compute that was asleep wakes in less. */
export const ATTEMPT_TIMEOUT_MS = 3_000
/** Longest that a request may wait for its statements, repeats and pauses included, ms. */
export const BUDGET_MS = 8_000
const REPEATS_MAX = 2

/** Opens the database: no connection, no I/O; cheap, and safe to share between requests. */
export function connect({ DATABASE_URL, NEON_FETCH_ENDPOINT }: Settings): Database {
  neonConfig.fetchFunction = fetchWithRetry
  if (NEON_FETCH_ENDPOINT) neonConfig.fetchEndpoint = NEON_FETCH_ENDPOINT
  const open = (repeatable: boolean) =>
    drizzle({
      client: neon(DATABASE_URL, { fetchOptions: { repeatable } }),
      schema,
      casing: 'snake_case',
    })
  return { repeatable: open(true), once: open(false) }
}

/** Asks nothing in particular; fails as every statement does while the database is away. */
export const ping = ({ repeatable }: Database) => repeatable.execute(sql`select 1`)

/** The record that `ask` writes to: this request's, or one of its own for work outside of requests. */
const currentDatabaseUse = (): DatabaseUse =>
  tryGetContext<{ Variables: { databaseUse: DatabaseUse } }>()?.var.databaseUse ?? newDatabaseUse()

export const newDatabaseUse = (): DatabaseUse => ({
  remainingMs: BUDGET_MS,
  roundTrips: 0,
  waitedMs: 0,
  unavailable: false,
})

/**
 * Gives this request its budget again: an answer that takes its time still has to be stored. `most` is the milliseconds
 * there are for that, where they are fewer than the whole budget.
 */
export function resetBudget(most = BUDGET_MS) {
  currentDatabaseUse().remainingMs = Math.min(most, BUDGET_MS)
}

interface SqlRequestInit extends RequestInit {
  body: string
  repeatable: boolean
}

/**
 * `fetch` as the Neon driver calls it, with what the driver lacks: a timeout for each attempt, repeats with
 * jitter where they cannot do harm, and one error for every way in which the database can be away.
 * @throws DatabaseAway
 */
async function fetchWithRetry(url: string, { repeatable, ...question }: SqlRequestInit): Promise<Response> {
  const use = currentDatabaseUse()
  for (let attempt = 0; ; attempt++) {
    try {
      return await chargeBudget(use, () => fetchOnce(url, question, use))
    } catch (failure) {
      if (!(failure instanceof DatabaseUnavailable)) throw failure
      const harmless = failure.ran === 'no' || repeatable || isReadQuery(question.body)
      const pause = (50 + Math.random() * 150) * (attempt + 1)
      if (!harmless || !failure.transient || attempt === REPEATS_MAX || use.remainingMs <= pause) {
        use.unavailable = true
        throw failure
      }
      await chargeBudget(use, () => new Promise((resolve) => setTimeout(resolve, pause)))
    }
  }
}

function fetchOnce(url: string, question: RequestInit, use: DatabaseUse): Promise<Response> {
  if (use.remainingMs <= 0) throw new DatabaseUnavailable('No time was left to ask', 'no', false)
  use.roundTrips++
  const patience = Math.min(ATTEMPT_TIMEOUT_MS, use.remainingMs)
  return readResponse(url, { ...question, signal: AbortSignal.timeout(patience) })
}

/** Waits, and takes the time for it from the budget. */
async function chargeBudget<Value>(use: DatabaseUse, wait: () => Promise<Value>): Promise<Value> {
  const started = Date.now()
  try {
    return await wait()
  } finally {
    const took = Date.now() - started
    use.waitedMs += took
    use.remainingMs -= took
  }
}
