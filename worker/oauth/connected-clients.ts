import { and, desc, eq, lt, notExists, or, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import {
  oauthClient,
  oauthConsent,
  oauthRefreshToken,
  oauthRegistrations,
  verification,
} from '../db/schema.ts'
import type { Scope } from '../db/scope.ts'
import { OAUTH_SCOPES, type OAuthScope } from './access-token.ts'

/** An OAuth client that a user has connected. */
export interface ConnectedClient {
  /** Id of the consent, not of the client. */
  id: string
  /** The client's own choice, verified by nobody. */
  name: string | null
  redirectUris: string[]
  scopes: OAuthScope[]
  connectedAt: Date
  /** When it last got a token, which it does every few minutes while in use. */
  lastUsedAt: Date | null
}

/** Most clients in a list. */
const LIST_MAX = 100
/** Days after which a client without any consent is deleted. */
const UNUSED_DAYS = 7

/** Stores a user's consent; scopes allowed earlier stay allowed. */
export async function saveConsent(
  { database, userId }: Scope,
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

/** Lists the OAuth clients that the user has connected, newest first. */
export async function listConnectedClients({ database, userId }: Scope): Promise<ConnectedClient[]> {
  const rows = await database.repeatable
    .select({
      id: oauthConsent.id,
      name: oauthClient.name,
      redirectUris: oauthClient.redirectUris,
      scopes: oauthConsent.scopes,
      connectedAt: oauthConsent.createdAt,
      lastUsedAt: sql<string | null>`(select max(${oauthRefreshToken.createdAt}) from ${oauthRefreshToken}
        where ${oauthRefreshToken.clientId} = ${oauthConsent.clientId}
          and ${oauthRefreshToken.userId} = ${oauthConsent.userId})`,
    })
    .from(oauthConsent)
    .innerJoin(oauthClient, eq(oauthClient.clientId, oauthConsent.clientId))
    .where(eq(oauthConsent.userId, userId))
    .orderBy(desc(oauthConsent.createdAt), desc(oauthConsent.id))
    .limit(LIST_MAX)
  return rows.map(({ scopes, lastUsedAt, ...row }) => ({
    ...row,
    scopes: OAUTH_SCOPES.filter((scope) => scopes.includes(scope)),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt),
  }))
}

/**
 * Disconnects an OAuth client by the id of its consent. The database deletes the client's refresh tokens with it, and
 * lets none be made afterwards. Disconnecting twice does nothing.
 */
export async function revokeClient({ database, userId }: Scope, id: string): Promise<void> {
  const db = database.repeatable
  const revoked = db.$with('revoked').as(
    db
      .delete(oauthConsent)
      .where(and(eq(oauthConsent.id, id), eq(oauthConsent.userId, userId)))
      .returning({ clientId: oauthConsent.clientId }),
  )
  // Restarts the days until an unused client is deleted: connected again, it comes with the same client_id.
  await db
    .with(revoked)
    .update(oauthClient)
    .set({ updatedAt: sql`now()` })
    .from(revoked)
    .where(eq(oauthClient.clientId, revoked.clientId))
}

/**
 * Deletes what OAuth clients leave behind: clients without any consent, refresh tokens that have expired or were
 * replaced a day ago, codes that were never exchanged, and old counts of registrations.
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
