import { and, eq, exists, ne, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { account, session } from '../db/schema.ts'

interface Replacement {
  userId: string
  accountId: string
  /** The hash that was verified; if it has changed since, nothing is replaced. */
  hash: string
  newHash: string
  sessionId: string
  /** A new token for this session, which ends all others; undefined keeps them. */
  token: string | undefined
}

/**
 * Replaces a password hash and, in the same statement, ends the other sessions, so that an interrupted change never
 * leaves the new password beside sessions it was meant to end. Returns whether the hash was replaced.
 */
export async function replacePassword({ once: db }: Database, replacement: Replacement): Promise<boolean> {
  const { userId, accountId, hash, newHash, sessionId, token } = replacement
  const saved = db.$with('saved').as(
    db
      .update(account)
      .set({ password: newHash, updatedAt: sql`now()` })
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
