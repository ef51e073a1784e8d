import { and, desc, eq, exists, gt, sql } from 'drizzle-orm'
import type { Session } from '../contract/session.ts'
import type { Database } from '../db/client.ts'
import { session } from '../db/schema.ts'
import { unauthenticated } from '../problem.ts'

/** Sessions shown at most; the caller's own is always among them. */
const SHOWN_MAX = 100

/** Whose sessions, and by which of them they are asked for: it must be alive in the database itself. */
export interface Caller {
  database: Database
  userId: string
  sessionId: string
}

const alive = ({ userId }: Caller) => and(eq(session.userId, userId), gt(session.expiresAt, sql`now()`))

/**
 * Where the caller is logged in, this session first, then the newest. No tokens.
 * @throws ProblemError `unauthenticated` when the caller's own session is over
 */
export async function listSessions(caller: Caller): Promise<Session[]> {
  const current = sql<boolean>`${session.id} = ${caller.sessionId}`
  const rows = await caller.database.repeatable
    .select({
      id: session.id,
      created_at: session.createdAt,
      updated_at: session.updatedAt,
      expires_at: session.expiresAt,
      ip_address: session.ipAddress,
      user_agent: session.userAgent,
      current,
    })
    .from(session)
    .where(alive(caller))
    .orderBy(desc(current), desc(session.updatedAt), desc(session.id))
    .limit(SHOWN_MAX)
  if (!rows.some((row) => row.current)) throw sessionOver()
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    ip_address: row.ip_address || null,
  }))
}

/**
 * Ends one session of the caller, or all when none is named, this one among them. One that is no more, or never was
 * theirs, is ended already: a repeat does no harm.
 * @throws ProblemError `unauthenticated` when the caller's own session is over
 */
export async function endSessions(caller: Caller, id?: string): Promise<void> {
  const db = caller.database.repeatable
  const own = db.$with('own').as(
    db
      .select({ id: session.id })
      .from(session)
      .where(and(alive(caller), eq(session.id, caller.sessionId))),
  )
  const which = id === undefined ? undefined : eq(session.id, id)
  const ended = db.$with('ended').as(
    db
      .delete(session)
      .where(and(eq(session.userId, caller.userId), which, exists(db.select().from(own))))
      .returning({ ended: session.id }),
  )
  const rows = await db.with(own, ended).select().from(own)
  if (rows.length === 0) throw sessionOver()
}

const sessionOver = () => unauthenticated('This session has ended. Log in again.', { tokenSent: true })
