import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { session, user } from './auth-schema.ts'

/**
 * Tables of Better Auth's OAuth provider, in its field names; of its models only those that are kept
 * (worker/oauth/adapter.ts has the rest).
 */

const id = uuid().primaryKey().defaultRandom()
const time = () => timestamp({ withTimezone: true, precision: 3 })
const owner = () =>
  uuid()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' })

/** A program that has introduced itself; what it says of itself is not proved. */
export const oauthClient = pgTable('oauth_client', {
  id,
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
  createdAt: time().notNull().defaultNow(),
  /** Registered, or last let go of by a person: what lies unused is counted from here. */
  updatedAt: time().notNull().defaultNow(),
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

/** What a person has allowed a program; revoking is deleting this row. */
export const oauthConsent = pgTable(
  'oauth_consent',
  {
    id,
    clientId: text()
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: 'cascade' }),
    userId: owner(),
    referenceId: text(),
    resources: text().array(),
    requestedUserInfoClaims: text().array(),
    scopes: text().array().notNull(),
    createdAt: time().notNull().defaultNow(),
    updatedAt: time().notNull().defaultNow(),
  },
  (t) => [
    unique('oauth_consent_client_user').on(t.clientId, t.userId),
    index('oauth_consent_user_id').on(t.userId),
  ],
)

/** Refresh tokens, hashed. One lives only as long as the consent it rests on, whoever deletes that and when. */
export const oauthRefreshToken = pgTable(
  'oauth_refresh_token',
  {
    id,
    token: text().notNull().unique(),
    clientId: text().notNull(),
    sessionId: uuid().references(() => session.id, { onDelete: 'set null' }),
    userId: uuid().notNull(),
    referenceId: text(),
    authorizationCodeId: text(),
    resources: text().array(),
    requestedUserInfoClaims: text().array(),
    expiresAt: time().notNull(),
    createdAt: time().notNull().defaultNow(),
    revoked: time(),
    rotatedAt: time(),
    rotationReplayResponse: text(),
    rotationReplayExpiresAt: time(),
    authTime: time(),
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
  since: time().notNull(),
})
