import { sql } from 'drizzle-orm'
import { unauthenticated, type ProblemError } from '../problem.ts'
import type { Database } from './client.ts'
import { isoTimeOf } from './time.ts'

/** What a verb works on: a database, and the user whose rows every statement is limited to in its SQL. */
export interface Scope {
  database: Database
  userId: string
}

/** The database's clock, in the precision of every stored time: milliseconds. */
export const dbNow = sql<string>`date_trunc('milliseconds', clock_timestamp())`.mapWith(isoTimeOf)

/** Returns the problem of a valid token whose user no longer exists. */
export const accountDeleted = (): ProblemError =>
  unauthenticated('This account does not exist any more.', { tokenSent: true })
