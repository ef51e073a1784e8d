import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv } from '../context.ts'
import { log } from '../log.ts'
import { isAccessToken, OAUTH_SCOPES, verifyAccessToken, type Principal } from '../oauth/access-token.ts'
import { unauthenticated } from '../problem.ts'
import type { Settings } from '../settings.ts'
import { verifyToken, type Rejection, type Trust } from './token.ts'

export interface AuthenticateOptions {
  /** An audience that the token must name; access tokens of OAuth clients for it are accepted too. */
  audience?: string
  /** Where a token can be had, in words: `GET /api/auth/token`. */
  tokenSource?: string
  /** Further parameters of the challenge in WWW-Authenticate (RFC 6750 §3). */
  challenge?: Record<string, string>
}

/**
 * Verifies the Bearer token of a request without SQL, for REST and MCP alike. The reason of a rejection is logged; the
 * client learns only whether the token has expired.
 * @throws ProblemError `unauthenticated`
 */
export async function authenticate(
  c: Context,
  { audience, tokenSource, challenge }: AuthenticateOptions = {},
): Promise<Principal> {
  const { settings, requestId } = (c as Context<AppEnv>).var
  const header = c.req.header('Authorization')
  if (!header) {
    const from = tokenSource ? `, from ${tokenSource}` : ''
    throw unauthenticated(`Send a token: \`Authorization: Bearer <token>\`${from}.`, {
      tokenSent: false,
      challenge,
    })
  }
  const now = Date.now()
  const verified = await verify(parseBearer(header), trustOf(settings, now), audience)
  c.set('authMs', Date.now() - now)
  if (!('rejected' in verified)) return verified
  // Expired tokens are part of everyday use; every other rejection is a misconfiguration or an attempt.
  log(verified.rejected === 'expired' ? 'info' : 'warn', {
    request_id: requestId,
    method: c.req.method,
    route: routePath(c, -1),
    token_rejected: verified.rejected,
  })
  const renewal = tokenSource ? ` Get a new one from ${tokenSource}.` : ''
  throw unauthenticated(
    verified.rejected === 'expired' ? `This token has expired.${renewal}` : 'This token is not valid here.',
    { tokenSent: true, challenge },
  )
}

/** The deployment's own tokens are trusted, and those of the front ends it names. */
const trustOf = (settings: Settings, now: number): Trust => ({
  secrets: [settings.BETTER_AUTH_SECRET, settings.BETTER_AUTH_SECRET_PREVIOUS].filter(
    (secret) => secret !== undefined,
  ),
  issuers: [settings.BETTER_AUTH_URL, ...settings.TRUSTED_ISSUERS],
  now,
})

/** Returns the token of an `Authorization` header that has the shape of one. */
const parseBearer = (header: string): string | undefined =>
  /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1]

/** Verifies a token once, by the rules of its kind: a user's own allows everything. */
async function verify(
  token: string | undefined,
  trust: Trust,
  audience: string | undefined,
): Promise<Principal | { rejected: Rejection }> {
  if (token === undefined) return { rejected: 'malformed' }
  if (audience !== undefined && isAccessToken(token)) return verifyAccessToken(token, audience, trust)
  const verified = await verifyToken(token, audience === undefined ? trust : { ...trust, audience })
  return 'rejected' in verified ? verified : { ...verified, scopes: OAUTH_SCOPES }
}
