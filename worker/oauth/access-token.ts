import { SignJWT, type JWTPayload } from 'jose'
import * as z from 'zod'
import { Uuid } from '../contract/id.ts'
import { keyOf, verifySignature, type Rejection, type Trust } from '../auth/token.ts'

/** What an agent may be allowed. */
export const SCOPES = ['tasks:read', 'tasks:write'] as const
export type OAuthScope = (typeof SCOPES)[number]

/**
 * Seconds an agent's access token is good for. It is checked without asking the database, so this is also how long
 * an agent can still do things after it was revoked.
 */
export const ACCESS_TOKEN_LIFE_SECONDS = 5 * 60

/** The address that agents' tokens are for, and the only one. */
export const resourceOf = (origin: string) => `${origin}/mcp`

const TYPE = 'at+jwt'

/** What an agent's token says of them. */
const AgentClaims = z.object({
  sub: Uuid,
  scope: z.string().transform((text) => SCOPES.filter((scope) => text.split(' ').includes(scope))),
})

/** Who acts for a person, and how far. */
export interface Agent {
  userId: string
  scopes: readonly OAuthScope[]
}

/** Signs the claims of an agent's token (RFC 9068), as Better Auth has put them together. */
export const signAccessToken = async (claims: JWTPayload, secret: string): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: TYPE }).sign(await keyOf(secret))

/** Decides whether `token` is an agent's, meant for /mcp of this deployment; never throws for a bad one. */
export async function verifyAccessToken(
  token: string,
  origin: string,
  trust: Pick<Trust, 'secrets' | 'now'>,
): Promise<Agent | { rejected: Rejection }> {
  const { payload, rejected } = await verifySignature(token, trust, {
    typ: TYPE,
    issuer: origin,
    audience: resourceOf(origin),
    requiredClaims: ['sub', 'exp', 'client_id', 'scope'],
  })
  if (rejected) return { rejected }
  const claims = AgentClaims.safeParse(payload)
  if (!claims.success) return { rejected: 'wrong-claim' }
  return { userId: claims.data.sub, scopes: claims.data.scope }
}
