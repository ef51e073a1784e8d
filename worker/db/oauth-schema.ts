import { boolean, foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { session, user } from './auth-schema.ts'
import { dateTime, generatedId, ownerId } from './columns.ts'

/**
 * Tables of Better Auth's OAuth provider, in its field names: only the models that are stored
 * (worker/oauth/adapter.ts has the rest).
 */

/** A registered OAuth client; what it says about itself is not verified. */
export const oauthClient = pgTable('oauth_client', {
  id: generatedId(),
  clientId: text().notNull().unique(),
  clientSecret: text(),
  clientDiscoveryId: text(),
  disabled: boolean().default(false),
  skipConsent: boolean(),
  enableEndSession: boolean(),
  subjectType: text(),
  scopes: text().array(),
  clientCredentialsScopes: text().array(),
  userId: uuid().references(() => user.id, { onDelete: 'cascade' }),
  createdAt: dateTime().notNull().defaultNow(),
  /** When it was registered or last disconnected by a user; unused clients expire counted from here. */
  updatedAt: dateTime().notNull().defaultNow(),
  name: text(),
  uri: text(),
  icon: text(),
  contacts: text().array(),
  tos: text(),
  policy: text(),
  softwareId: text(),
  softwareVersion: text(),
  softwareStatement: text(),
  redirectUris: text().array().notNull(),
  postLogoutRedirectUris: text().array(),
  backchannelLogoutUri: text(),
  backchannelLogoutSessionRequired: boolean(),
  tokenEndpointAuthMethod: text(),
  applicationType: text(),
  jwks: text(),
  jwksUri: text(),
  grantTypes: text().array(),
  responseTypes: text().array(),
  requirePKCE: boolean('require_pkce'),
  dpopBoundAccessTokens: boolean().default(false),
  referenceId: text(),
  metadata: jsonb(),
})

/** What a user allows an OAuth client; to revoke it, the row is deleted. */
export const oauthConsent = pgTable(
  'oauth_consent',
  {
    id: generatedId(),
    clientId: text()
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: 'cascade' }),
    userId: ownerId(() => user.id),
    referenceId: text(),
    resources: text().array(),
    requestedUserInfoClaims: text().array(),
    scopes: text().array().notNull(),
    createdAt: dateTime().notNull().defaultNow(),
    updatedAt: dateTime().notNull().defaultNow(),
  },
  (t) => [
    unique('oauth_consent_client_user').on(t.clientId, t.userId),
    index('oauth_consent_user_id').on(t.userId),
  ],
)

/** Refresh tokens, hashed. One is deleted with the consent it stands on, whatever deletes that. */
export const oauthRefreshToken = pgTable(
  'oauth_refresh_token',
  {
    id: generatedId(),
    token: text().notNull().unique(),
    clientId: text().notNull(),
    sessionId: uuid().references(() => session.id, { onDelete: 'set null' }),
    userId: uuid().notNull(),
    referenceId: text(),
    authorizationCodeId: text(),
    resources: text().array(),
    requestedUserInfoClaims: text().array(),
    expiresAt: dateTime().notNull(),
    createdAt: dateTime().notNull().defaultNow(),
    revoked: dateTime(),
    rotatedAt: dateTime(),
    rotationReplayResponse: text(),
    rotationReplayExpiresAt: dateTime(),
    authTime: dateTime(),
    confirmation: jsonb(),
    scopes: text().array().notNull(),
  },
  (t) => [
    foreignKey({
      name: 'oauth_refresh_token_consent',
      columns: [t.clientId, t.userId],
      foreignColumns: [oauthConsent.clientId, oauthConsent.userId],
    }).onDelete('cascade'),
    index('oauth_refresh_token_client_user').on(t.clientId, t.userId),
    index('oauth_refresh_token_session_id').on(t.sessionId),
    index('oauth_refresh_token_code').on(t.authorizationCodeId),
    index('oauth_refresh_token_expires_at').on(t.expiresAt),
  ],
)

/** Registrations by address (hashed), counted within an hour. */
export const oauthRegistrations = pgTable('oauth_registrations', {
  address: text().primaryKey(),
  count: integer().notNull(),
  since: dateTime().notNull(),
})
