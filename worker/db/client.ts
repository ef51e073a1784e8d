import { neon, neonConfig, type NeonQueryFunction } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { tryGetContext } from 'hono/context-storage'
import type { Settings } from '../settings.ts'
import { answerOf, DatabaseAway, isRead } from './answer.ts'
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
  left: number
  /** HTTP round trips to Neon, repeats included. */
  trips: number
  /** Milliseconds spent waiting for them. */
  waited: number
  /** Whether the database was given up on. */
  away: boolean
}

/** Longest wait for one answer, ms; a Neon compute that was asleep wakes in less. */
const ATTEMPT_TIMEOUT_MS = 3_000
/** Longest that a request may wait for its statements, repeats and pauses included, ms. */
const BUDGET_MS = 8_000
const REPEATS_MAX = 2

/** Opens the database: no connection, no I/O; cheap, and safe to share between requests. */
export function connect({ DATABASE_URL, NEON_FETCH_ENDPOINT }: Settings): Database {
  neonConfig.fetchFunction = ask
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
export const knock = ({ repeatable }: Database) => repeatable.execute(sql`select 1`)

/** The record that `ask` writes to: this request's, or one of its own for work outside of requests. */
const useOfThisRequest = (): DatabaseUse =>
  tryGetContext<{ Variables: { databaseUse: DatabaseUse } }>()?.var.databaseUse ?? newDatabaseUse()

export const newDatabaseUse = (): DatabaseUse => ({ left: BUDGET_MS, trips: 0, waited: 0, away: false })

/**
 * Gives this request its budget again: an answer that takes its time still has to be stored. `most` is the milliseconds
 * there are for that, where they are fewer than the whole budget.
 */
export function renewBudget(most = BUDGET_MS) {
  useOfThisRequest().left = Math.min(most, BUDGET_MS)
}

interface Question extends RequestInit {
  body: string
  repeatable: boolean
}

/**
 * `fetch` as the Neon driver calls it, with what the driver lacks: a timeout for each attempt, repeats with
 * jitter where they cannot do harm, and one error for every way in which the database can be away.
 * @throws DatabaseAway
 */
async function ask(url: string, { repeatable, ...question }: Question): Promise<Response> {
  const use = useOfThisRequest()
  for (let attempt = 0; ; attempt++) {
    try {
      return await spend(use, () => askOnce(url, question, use))
    } catch (failure) {
      if (!(failure instanceof DatabaseAway)) throw failure
      const harmless = failure.ran === 'no' || repeatable || isRead(question.body)
      const pause = (50 + Math.random() * 150) * (attempt + 1)
      if (!harmless || !failure.passing || attempt === REPEATS_MAX || use.left <= pause) {
        use.away = true
        throw failure
      }
      await spend(use, () => new Promise((resolve) => setTimeout(resolve, pause)))
    }
  }
}

function askOnce(url: string, question: RequestInit, use: DatabaseUse): Promise<Response> {
  if (use.left <= 0) throw new DatabaseAway('No time was left to ask', 'no', false)
  use.trips++
  const patience = Math.min(ATTEMPT_TIMEOUT_MS, use.left)
  return answerOf(url, { ...question, signal: AbortSignal.timeout(patience) })
}

/** Waits, and takes the time for it from the budget. */
async function spend<Value>(use: DatabaseUse, wait: () => Promise<Value>): Promise<Value> {
  const started = Date.now()
  try {
    return await wait()
  } finally {
    const took = Date.now() - started
    use.waited += took
    use.left -= took
  }
}
