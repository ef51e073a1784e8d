import { neon, neonConfig, type NeonQueryFunction } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { tryGetContext } from 'hono/context-storage'
import type { Settings } from '../settings.ts'
import { DatabaseUnavailable } from './error.ts'
import { readResponse } from './response.ts'
import * as schema from './schema.ts'

/** Drizzle over Neon's HTTP driver, which is `$client`. */
export type Db = NeonHttpDatabase<typeof schema> & { $client: NeonQueryFunction<false, false> }

/** Two clients of the same database; they differ in what is retried when an answer is lost. */
export interface Database {
  /** For statements that may run twice without harm: retried even when the first may have run. */
  repeatable: Db
  /** For the rest: retried only when it is certain that nothing ran. Its `select` and `query` are `repeatable`'s. */
  once: Db
}

/** What one request uses of the database. */
export interface DatabaseUse {
  /** Milliseconds that may still be spent waiting for it; other work of the request is not counted. */
  remainingMs: number
  /** HTTP round trips to Neon, retries included. */
  roundTrips: number
  /** Milliseconds spent waiting for them. */
  waitedMs: number
  /** Whether a statement failed because the database was unavailable, retries included. */
  unavailable: boolean
}

/** Timeout of one attempt, ms; a Neon compute that was asleep wakes in less. */
export const ATTEMPT_TIMEOUT_MS = 3_000
/** Longest that a request may wait for its statements, retries and the delays before them included, ms. */
export const BUDGET_MS = 8_000
const RETRIES_MAX = 2

/** Opens the database without a connection or any I/O, so that requests can share it. */
export function connect({ DATABASE_URL, NEON_FETCH_ENDPOINT }: Settings): Database {
  neonConfig.fetchFunction = fetchWithRetry
  if (NEON_FETCH_ENDPOINT) neonConfig.fetchEndpoint = NEON_FETCH_ENDPOINT
  const open = (repeatable: boolean) =>
    drizzle({
      client: neon(DATABASE_URL, { fetchOptions: { repeatable } }),
      schema,
      casing: 'snake_case',
    })
  const repeatable = open(true)
  // Better Auth's adapter has one client for all: its reads are harmless to repeat, its writes are not.
  const reads = { select: repeatable.select.bind(repeatable), query: repeatable.query }
  const once = Object.assign(open(false), reads)
  return { repeatable, once }
}

/** Readiness probe: `select 1`. */
export const ping = ({ repeatable }: Database) => repeatable.execute(sql`select 1`)

/** Returns the record of the current request, or a new one for work outside of requests. */
const currentDatabaseUse = (): DatabaseUse =>
  tryGetContext<{ Variables: { databaseUse: DatabaseUse } }>()?.var.databaseUse ?? newDatabaseUse()

export const newDatabaseUse = (): DatabaseUse => ({
  remainingMs: BUDGET_MS,
  roundTrips: 0,
  waitedMs: 0,
  unavailable: false,
})

/**
 * Sets the remaining budget of the current request back to the whole, or to `maxMs` if that is less: a reply that took
 * long to make still has to be stored.
 */
export function resetBudget(maxMs = BUDGET_MS) {
  currentDatabaseUse().remainingMs = Math.min(maxMs, BUDGET_MS)
}

/** What the Neon driver passes to `fetch`: its request, with the `fetchOptions` of the client merged in. */
interface NeonRequestInit extends RequestInit {
  repeatable: boolean
}

/**
 * `fetch` for the Neon driver, with what the driver lacks: a timeout for each attempt, retries with jitter where they
 * do no harm, and one error for every way in which the database can be unavailable.
 * @throws DatabaseUnavailable
 * @throws DatabaseRequestError
 */
async function fetchWithRetry(url: string, { repeatable, ...init }: NeonRequestInit): Promise<Response> {
  const use = currentDatabaseUse()
  for (let attempt = 0; ; attempt++) {
    try {
      return await chargeBudget(use, () => fetchWithTimeout(url, init, use))
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      const harmless = repeatable || !error.mayHaveRun
      const delayMs = (50 + Math.random() * 150) * (attempt + 1)
      if (!harmless || !error.transient || attempt === RETRIES_MAX || use.remainingMs <= delayMs) {
        use.unavailable = true
        throw error
      }
      await chargeBudget(use, () => new Promise((resolve) => setTimeout(resolve, delayMs)))
    }
  }
}

function fetchWithTimeout(url: string, init: RequestInit, use: DatabaseUse): Promise<Response> {
  if (use.remainingMs <= 0)
    throw new DatabaseUnavailable('No time was left to ask', { mayHaveRun: false, transient: false })
  use.roundTrips++
  const timeoutMs = Math.min(ATTEMPT_TIMEOUT_MS, use.remainingMs)
  return readResponse(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
}

/** Runs `wait` and takes the time it took from the budget. */
async function chargeBudget<Value>(use: DatabaseUse, wait: () => Promise<Value>): Promise<Value> {
  const startedAt = Date.now()
  try {
    return await wait()
  } finally {
    const tookMs = Date.now() - startedAt
    use.waitedMs += tookMs
    use.remainingMs -= tookMs
  }
}
