import { createAuthEndpoint, createAuthMiddleware, sessionMiddleware } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '../contract/limits.ts'
import type { Database } from '../db/client.ts'
import type { Settings } from '../settings.ts'
import { parseName } from './account-checks.ts'
import { authAdapter } from './adapter.ts'
import { issueToken } from './issue-token.ts'
import { accountEndpoints } from './account-endpoints.ts'

export type Auth = ReturnType<typeof createAuth>

/** Seconds for which the signed copy of a session in the cookie is trusted without SQL. */
const COOKIE_CACHE_SECONDS = 5 * 60

/** Options by which every instance of Better Auth reads a session: stored in the database, with a signed copy in the cookie. */
export const sessionOptions = (settings: Settings) =>
  ({
    baseURL: settings.BETTER_AUTH_URL,
    basePath: '/api/auth',
    secret: settings.BETTER_AUTH_SECRET,
    trustedOrigins: settings.ALLOWED_ORIGINS,
    session: { cookieCache: { enabled: true, maxAge: COOKIE_CACHE_SECONDS, strategy: 'compact' } },
    advanced: {
      database: { generateId: 'uuid', joins: true },
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
    },
    // It would count in the memory of one isolate, and be on or off by NODE_ENV
    // (specs/decisions/0009-passwords-are-hashed-in-the-request.md).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its messages quote SQL with password hashes: failures are thrown to problem.ts, which logs without them.
    onAPIError: { throw: true },
    logger: { disabled: true },
  }) satisfies BetterAuthOptions

/** Creates Better Auth for this deployment: e-mail and password. */
export const createAuth = (settings: Settings, database: Database) =>
  betterAuth({
    ...sessionOptions(settings),
    database: authAdapter(database),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_MIN_CHARS,
      maxPasswordLength: PASSWORD_MAX_CHARS,
    },
    plugins: [bearerToken(settings), accountEndpoints(database)],
    hooks: { before: checkName },
    // Better Auth would store the image of a sign-up unchecked.
    databaseHooks: { user: { create: { before: () => Promise.resolve({ data: { image: null } }) } } },
  })

/** GET /api/auth/token: exchanges the session for a short-lived access token, also for another front end. */
const bearerToken = (settings: Settings) =>
  ({
    id: 'bearer-token',
    endpoints: {
      getToken: createAuthEndpoint(
        '/token',
        { method: 'GET', requireHeaders: true, use: [sessionMiddleware] },
        async (ctx) => {
          const { user, session } = ctx.context.session
          const token = await issueToken(settings, user.id, session.id)
          return ctx.json({ token })
        },
      ),
    },
  }) satisfies BetterAuthPlugin

/** Checks the name of a sign-up: see `parseName`. */
const checkName = createAuthMiddleware(async (ctx) => {
  if (ctx.path !== '/sign-up/email') return
  return { context: { body: { ...ctx.body, name: parseName(ctx.body) } } }
})
