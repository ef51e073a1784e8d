import { mcp } from '@better-auth/mcp'
import type { BetterAuthPlugin } from 'better-auth'
import { betterAuth } from 'better-auth/minimal'
import { jwt } from 'better-auth/plugins/jwt'
import { sessionOptions } from '../auth/auth.ts'
import type { Database } from '../db/client.ts'
import type { Settings } from '../settings.ts'
import { ACCESS_TOKEN_LIFETIME_SECONDS, resourceOf, OAUTH_SCOPES, signAccessToken } from './access-token.ts'
import { oauthAdapter } from './adapter.ts'
import { GRANT_TYPES } from './metadata.ts'

/** Days after which a client that was not used needs a new consent. */
const REFRESH_TOKEN_LIFETIME_DAYS = 30

const scopes = [...OAUTH_SCOPES, 'offline_access']

type OAuth = ReturnType<typeof createOAuthServer>
let shared: OAuth | undefined

/**
 * Returns Better Auth as the OAuth server of /mcp, created once per isolate. It is an instance apart from the one that
 * logs users in, in a module that is only imported dynamically: task calls never load it.
 */
export const getOAuthServer = (settings: Settings, database: Database): OAuth =>
  (shared ??= createOAuthServer(settings, database))

const createOAuthServer = (settings: Settings, database: Database) =>
  betterAuth({
    ...sessionOptions(settings),
    database: oauthAdapter(database, resourceOf(settings.BETTER_AUTH_URL)),
    plugins: [
      jwt({
        disableSettingJwtHeader: true,
        jwt: {
          issuer: settings.BETTER_AUTH_URL,
          sign: (claims) => signAccessToken(claims, settings.BETTER_AUTH_SECRET),
        },
        // Better Auth requires both beside a custom `sign`; neither is used, because no key set is published.
        jwks: { remoteUrl: settings.BETTER_AUTH_URL, keyPairConfig: { alg: 'EdDSA' } },
      }),
      // Its endpoints' descriptions are not typed for exactOptionalPropertyTypes.
      mcp({
        resource: resourceOf(settings.BETTER_AUTH_URL),
        loginPage: '/login',
        consentPage: '/connect',
        scopes,
        clientRegistrationDefaultScopes: scopes,
        grantTypes: [...GRANT_TYPES],
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
        allowPublicClientPrelogin: true,
        enforcePerClientResources: false,
        accessTokenExpiresIn: ACCESS_TOKEN_LIFETIME_SECONDS,
        refreshTokenExpiresIn: REFRESH_TOKEN_LIFETIME_DAYS * 24 * 60 * 60,
      }) as unknown as BetterAuthPlugin,
    ],
    onAPIError: { throw: true, errorURL: `${settings.BETTER_AUTH_URL}/not-connected` },
  })
