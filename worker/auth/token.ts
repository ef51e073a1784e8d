import { errors, jwtVerify, SignJWT, type JWTClaimVerificationOptions, type JWTPayload } from 'jose'
import { Uuid } from '../contract/id.ts'

/** Seconds a token is good for. Logging out does not shorten it, so it is short. */
export const TOKEN_LIFE_SECONDS = 15 * 60
/** Seconds by which two clocks may disagree. */
const CLOCK_TOLERANCE_SECONDS = 5
/** Longest token that is looked at, characters. */
const TOKEN_MAX_CHARS = 8_192

/** Whose tokens are believed: any of these secrets, any of these issuers, each naming itself as audience. */
export interface Trust {
  secrets: readonly string[]
  issuers: readonly string[]
  /** A further audience that a token must name. */
  audience?: string
  /** The caller's clock, ms since 1970. */
  now: number
}

/** Why a token was refused; for the log and the tests, the caller of the API learns less. */
export type Rejection = 'too-long' | 'expired' | 'not-yet' | 'bad-signature' | 'wrong-claim' | 'malformed'

/** `sessionId` is there when the token names one: those of a trusted front end may not. */
export type Verified = { userId: string; sessionId?: string } | { rejected: Rejection }

const keys = new Map<string, Promise<CryptoKey>>()

/** The key that a secret's UTF-8 bytes make, made once per isolate: it costs more than a signature. */
export function keyOf(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key =
    keys.get(secret) ??
    crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify'])
  keys.set(secret, key)
  return key
}

/** The claims this product puts into a token; nothing personal among them. */
export interface Claims {
  userId: string
  sessionId: string
  issuer: string
  audience: string[]
  /** ms since 1970 */
  now: number
}

/** Signs a token with HS256 and the UTF-8 bytes of the secret, as Better Auth front ends expect it. */
export async function signToken(
  { userId, sessionId, issuer, audience, now }: Claims,
  secret: string,
): Promise<string> {
  const seconds = Math.floor(now / 1000)
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + TOKEN_LIFE_SECONDS)
    .sign(await keyOf(secret))
}

/**
 * Decides whether `token` proves who is calling; never throws for a bad one.
 * Issuer and audience are of one and the same trusted front end (RFC 8725 §3.8, §3.9), `exp` required, `sub` the UUID
 * of a person. Better Auth signs other things with the same secret (cookie caches, e-mail verifications): they carry
 * no issuer and are refused; so is what an agent holds, which names /mcp alone as audience.
 */
export async function verifyToken(token: string, { issuers, audience, ...trust }: Trust): Promise<Verified> {
  const { payload, rejected } = await verifySignature(token, trust, {
    issuer: [...issuers],
    requiredClaims: ['sub', 'exp'],
  })
  if (rejected) return { rejected }
  const audiences = [payload.aud].flat()
  const meant = audiences.includes(payload.iss) && (audience === undefined || audiences.includes(audience))
  const userId = Uuid.safeParse(payload.sub)
  if (!meant || !userId.success) return { rejected: 'wrong-claim' }
  const sid = Uuid.safeParse(payload['sid'])
  return { userId: userId.data, ...(sid.success && { sessionId: sid.data }) }
}

/**
 * The claims of a token that one of the secrets has signed, by HS256 alone (RFC 8725 §3.1), and whose time is now.
 * What the claims must say beyond `claims` is the caller's to check: each kind of token has rules of its own (§3.12).
 */
export async function verifySignature(
  token: string,
  { secrets, now }: Pick<Trust, 'secrets' | 'now'>,
  claims: JWTClaimVerificationOptions,
): Promise<{ payload: JWTPayload; rejected?: never } | { payload?: never; rejected: Rejection }> {
  if (token.length > TOKEN_MAX_CHARS) return { rejected: 'too-long' }
  let rejected: Rejection = 'bad-signature'
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, await keyOf(secret), {
        ...claims,
        algorithms: ['HS256'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now),
      })
      const issuedLater = (payload.iat ?? 0) > now / 1000 + CLOCK_TOLERANCE_SECONDS
      return issuedLater ? { rejected: 'not-yet' } : { payload }
    } catch (error) {
      rejected = reasonOf(error)
      if (rejected !== 'bad-signature') return { rejected }
    }
  }
  return { rejected }
}

function reasonOf(error: unknown): Rejection {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' ? 'not-yet' : 'wrong-claim'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature'
  if (error instanceof errors.JOSEError || error instanceof TypeError) return 'malformed'
  throw error
}
