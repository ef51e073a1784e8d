import { and, desc, eq, exists, gt, sql } from 'drizzle-orm'
import type { Session } from '../contract/session.ts'
import { session } from '../db/schema.ts'
import type { Scope } from '../db/scope.ts'
import { unauthenticated } from '../problem.ts'

/** Most sessions in a list; the current one is always among them. */
const LIST_MAX = 100

/** A user's scope by one of their sessions, which must not have ended in the database itself. */
export interface SessionScope extends Scope {
  sessionId: string
}

const isActive = ({ userId }: Scope) => and(eq(session.userId, userId), gt(session.expiresAt, sql`now()`))

/**
 * Lists the user's active sessions without their tokens: the current one first, then the newest.
 * @throws ProblemError `unauthenticated` when the current session has ended
 */
export async function listSessions(scope: SessionScope): Promise<Session[]> {
  const current = sql<boolean>`${session.id} = ${scope.sessionId}`
  const rows = await scope.database.repeatable
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
    .where(isActive(scope))
    .orderBy(desc(current), desc(session.updatedAt), desc(session.id))
    .limit(LIST_MAX)
  if (!rows.some((row) => row.current)) throw sessionEnded()
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    ip_address: row.ip_address || null,
  }))
}

/**
 * Ends one of the user's sessions, or all of them when no id is given, the current one included. Ending a session twice,
 * or one of another user, does nothing.
 * @throws ProblemError `unauthenticated` when the current session has ended
 */
export async function endSessions(scope: SessionScope, id?: string): Promise<void> {
  const db = scope.database.repeatable
  const current = db.$with('current').as(
    db
      .select({ id: session.id })
      .from(session)
      .where(and(isActive(scope), eq(session.id, scope.sessionId))),
  )
  const isChosen = id === undefined ? undefined : eq(session.id, id)
  const ended = db.$with('ended').as(
    db
      .delete(session)
      .where(and(eq(session.userId, scope.userId), isChosen, exists(db.select().from(current))))
      .returning({ ended: session.id }),
  )
  const rows = await db.with(current, ended).select().from(current)
  if (rows.length === 0) throw sessionEnded()
}

const sessionEnded = () => unauthenticated('This session has ended. Log in again.', { tokenSent: true })
