import { sql } from 'drizzle-orm'
import { unauthenticated, type ProblemError } from '../problem.ts'
import type { Database } from './client.ts'
import { isoTimeOf } from './time.ts'

/** Whose rows a verb may touch, and where they are stored: every statement is limited to this user in its SQL. */
export interface Scope {
  database: Database
  userId: string
}

/** The database's clock, in milliseconds, which is the precision of every stored time. */
export const dbNow = sql<string>`date_trunc('milliseconds', clock_timestamp())`.mapWith(isoTimeOf)

/** The refusal of a valid token whose user no longer exists. */
export const accountDeleted = (): ProblemError =>
  unauthenticated('This account does not exist any more.', { tokenSent: true })
