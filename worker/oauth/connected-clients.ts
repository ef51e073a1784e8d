import { and, desc, eq, lt, notExists, or, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import {
  oauthClient,
  oauthConsent,
  oauthRefreshToken,
  oauthRegistrations,
  verification,
} from '../db/schema.ts'
import { SCOPES, type OAuthScope } from './access-token.ts'

interface Owner {
  database: Database
  userId: string
}

/** An agent that a person has connected. */
export interface ConnectedClient {
  id: string
  /** What it calls itself. */
  name: string | null
  redirectUris: string[]
  scopes: OAuthScope[]
  since: Date
  /** When it last got a token, which it does every few minutes while it is used. */
  used: Date | null
}

/** Agents shown at most. */
const SHOWN_MAX = 100
/** Days for which a program that nobody has allowed anything is kept. */
const UNUSED_DAYS = 7

/** What a person allows a program; what they have allowed it before stays allowed. */
export async function saveConsent(
  { database, userId }: Owner,
  { clientId, scopes, resources }: { clientId: string; scopes: string[]; resources: string[] },
): Promise<void> {
  const t = oauthConsent
  await database.repeatable
    .insert(t)
    .values({ clientId, userId, scopes, resources })
    .onConflictDoUpdate({
      target: [t.clientId, t.userId],
      set: {
        scopes: sql`array(select distinct unnest(${t.scopes} || excluded.scopes))`,
        resources: sql`excluded.resources`,
        updatedAt: sql`now()`,
      },
    })
}

/** The person's agents, the newest first. */
export async function listConnectedClients({ database, userId }: Owner): Promise<ConnectedClient[]> {
  const rows = await database.repeatable
    .select({
      id: oauthConsent.id,
      name: oauthClient.name,
      redirectUris: oauthClient.redirectUris,
      scopes: oauthConsent.scopes,
      since: oauthConsent.createdAt,
      used: sql<string | null>`(select max(${oauthRefreshToken.createdAt}) from ${oauthRefreshToken}
        where ${oauthRefreshToken.clientId} = ${oauthConsent.clientId}
          and ${oauthRefreshToken.userId} = ${oauthConsent.userId})`,
    })
    .from(oauthConsent)
    .innerJoin(oauthClient, eq(oauthClient.clientId, oauthConsent.clientId))
    .where(eq(oauthConsent.userId, userId))
    .orderBy(desc(oauthConsent.createdAt), desc(oauthConsent.id))
    .limit(SHOWN_MAX)
  return rows.map(({ scopes, used, ...row }) => ({
    ...row,
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    used: used === null ? null : new Date(used),
  }))
}

/**
 * Takes back what the person has allowed an agent: its refresh tokens go with that, by the database, and none can be
 * made any more. One that is gone already is taken back already: a repeat does no harm.
 */
export async function revokeClient({ database, userId }: Owner, id: string): Promise<void> {
  const db = database.repeatable
  const gone = db.$with('gone').as(
    db
      .delete(oauthConsent)
      .where(and(eq(oauthConsent.id, id), eq(oauthConsent.userId, userId)))
      .returning({ clientId: oauthConsent.clientId }),
  )
  // Connecting the same program again, it comes with the identity it has: that is kept for a while.
  await db
    .with(gone)
    .update(oauthClient)
    .set({ updatedAt: sql`now()` })
    .from(gone)
    .where(eq(oauthClient.clientId, gone.clientId))
}

/**
 * Removes what agents have left behind: programs that nobody allows anything, refresh tokens that have run out or were
 * replaced a day ago, codes that nobody came for, counts of registrations.
 */
export async function purgeUnusedClients({ repeatable: db }: Database): Promise<void> {
  const consent = db.select().from(oauthConsent).where(eq(oauthConsent.clientId, oauthClient.clientId))
  const unused = sql`now() - make_interval(days => ${UNUSED_DAYS})`
  await db.batch([
    db.delete(oauthClient).where(and(lt(oauthClient.updatedAt, unused), notExists(consent))),
    db
      .delete(oauthRefreshToken)
      .where(
        or(
          lt(oauthRefreshToken.expiresAt, sql`now()`),
          lt(oauthRefreshToken.revoked, sql`now() - interval '1 day'`),
        ),
      ),
    db.delete(verification).where(lt(verification.expiresAt, sql`now()`)),
    db.delete(oauthRegistrations).where(lt(oauthRegistrations.since, sql`now() - interval '1 hour'`)),
  ])
}
