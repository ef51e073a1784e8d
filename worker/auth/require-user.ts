import { createMiddleware } from 'hono/factory'
import type { UserEnv } from '../context.ts'
import { unauthenticated } from '../problem.ts'
import type { Settings } from '../settings.ts'
import { verifyToken, type Trust } from './token.ts'

/** Whom this Worker believes, by its settings. */
export const trustOf = (settings: Settings): Omit<Trust, 'now'> => ({
  secrets: [settings.BETTER_AUTH_SECRET, settings.BETTER_AUTH_SECRET_PREVIOUS].filter(
    (secret) => secret !== undefined,
  ),
  issuers: [settings.BETTER_AUTH_URL, ...settings.TRUSTED_ISSUERS],
})

/** The token of an `Authorization` header, when it is one of the right shape. */
export const bearerOf = (header: string): string | undefined =>
  /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1]

/** Lets a request pass that carries a good token, without asking the database; its person becomes `c.var.userId`. */
export const requireUser = createMiddleware<UserEnv>(async function requireUser(c, next) {
  const header = c.req.header('Authorization')
  if (!header)
    throw unauthenticated('Send a token: `Authorization: Bearer <token>`, from GET /api/auth/token.', {
      tokenSent: false,
    })
  const token = bearerOf(header)
  const now = Date.now()
  const verified = token ? await verifyToken(token, { ...trustOf(c.get('settings')), now }) : undefined
  c.set('authMs', Date.now() - now)
  if (!verified || 'rejected' in verified) {
    const expired = verified?.rejected === 'expired'
    throw unauthenticated(
      expired
        ? 'This token has expired. Get a new one from GET /api/auth/token.'
        : 'This token is not valid here.',
      { tokenSent: true },
    )
  }
  c.set('userId', verified.userId)
  c.set('sessionId', verified.sessionId)
  await next()
})
