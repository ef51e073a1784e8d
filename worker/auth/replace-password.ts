import { and, eq, exists, ne, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { account, session } from '../db/schema.ts'

interface Replacement {
  userId: string
  accountId: string
  /** The hash that the person has proved to know; another one by now, and nothing happens. */
  hash: string
  next: string
  sessionId: string
  /** With it all other sessions end, and this one goes on under the new token. */
  token: string | undefined
}

/**
 * Puts a new hash in the place of a known one and, in the same statement, ends the other sessions: cut off at any
 * moment, a password is never new while whoever it was changed against is still logged in.
 */
export async function replacePassword({ once: db }: Database, wanted: Replacement): Promise<boolean> {
  const { userId, accountId, hash, next, sessionId, token } = wanted
  const saved = db.$with('saved').as(
    db
      .update(account)
      .set({ password: next, updatedAt: sql`now()` })
      .where(and(eq(account.id, accountId), eq(account.password, hash)))
      .returning({ saved: account.id }),
  )
  if (token === undefined) return (await db.with(saved).select().from(saved)).length > 0
  const ifSaved = exists(db.select().from(saved))
  const ended = db.$with('ended').as(
    db
      .delete(session)
      .where(and(eq(session.userId, userId), ne(session.id, sessionId), ifSaved))
      .returning({ ended: session.id }),
  )
  const renewed = db.$with('renewed').as(
    db
      .update(session)
      .set({ token, updatedAt: sql`now()` })
      .where(and(eq(session.id, sessionId), eq(session.userId, userId), ifSaved))
      .returning({ renewed: session.id }),
  )
  return (await db.with(saved, ended, renewed).select().from(saved)).length > 0
}
