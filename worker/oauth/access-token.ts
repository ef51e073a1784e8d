import { decodeProtectedHeader, SignJWT, type JWTPayload } from 'jose'
import * as z from 'zod'
import { Uuid } from '../contract/id.ts'
import { keyOf, verifySignature, type Rejection, type Trust } from '../auth/token.ts'

/** What a user can allow an OAuth client. */
export const OAUTH_SCOPES = ['tasks:read', 'tasks:write'] as const
export type OAuthScope = (typeof OAUTH_SCOPES)[number]

/**
 * Seconds for which an OAuth client's access token is valid. It is verified without SQL, so this is also how long a
 * client can go on after the user has disconnected it.
 */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 5 * 60

/** Returns the URL of the MCP server, which is the only resource that OAuth clients get tokens for. */
export const resourceOf = (origin: string) => `${origin}/mcp`

const TYPE = 'at+jwt'

const ClientClaims = z.object({
  sub: Uuid,
  scope: z.string().transform((text) => OAUTH_SCOPES.filter((scope) => text.split(' ').includes(scope))),
})

/** The user that a verified token acts for, and what it allows. */
export interface Principal {
  userId: string
  scopes: readonly OAuthScope[]
  /** The session behind a user's own token, when it names one. */
  sessionId?: string
}

/** Signs the claims of an access token (RFC 9068), as Better Auth has put them together. */
export const signAccessToken = async (claims: JWTPayload, secret: string): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: TYPE }).sign(await keyOf(secret))

/** Returns whether a token claims to be an OAuth client's, by its unverified `typ` (RFC 9068 §2.1). */
export function isAccessToken(token: string): boolean {
  try {
    const { typ } = decodeProtectedHeader(token)
    return typ?.toLowerCase().replace(/^application\//, '') === TYPE
  } catch {
    return false
  }
}

/**
 * Verifies an OAuth client's access token for `resource`, which the deployment itself has issued; never throws for a
 * bad one.
 */
export async function verifyAccessToken(
  token: string,
  resource: string,
  trust: Pick<Trust, 'secrets' | 'now'>,
): Promise<Principal | { rejected: Rejection }> {
  const { payload, rejected } = await verifySignature(token, trust, {
    typ: TYPE,
    issuer: new URL(resource).origin,
    audience: resource,
    requiredClaims: ['sub', 'exp', 'client_id', 'scope'],
  })
  if (rejected) return { rejected }
  const claims = ClientClaims.safeParse(payload)
  if (!claims.success) return { rejected: 'wrong-claim' }
  return { userId: claims.data.sub, scopes: claims.data.scope }
}
