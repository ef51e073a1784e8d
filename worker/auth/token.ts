import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'

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
  /** The caller's clock, ms since 1970. */
  now: number
}

/** Why a token was refused; for the log and the tests, the caller of the API learns less. */
type Rejection = 'too-long' | 'expired' | 'not-yet' | 'bad-signature' | 'wrong-claim' | 'malformed'

/** `sessionId` is there when the token names one: those of a trusted front end may not. */
export type Verified = { userId: string; sessionId?: string } | { rejected: Rejection }

const Uuid = z.guid().toLowerCase()

const keys = new Map<string, Promise<CryptoKey>>()

/** The key that a secret's UTF-8 bytes make, made once per isolate: it costs more than a signature. */
function keyOf(secret: string): Promise<CryptoKey> {
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
 * HS256 alone (RFC 8725 §3.1), issuer and audience of one and the same trusted front end (§3.8, §3.9), `exp`
 * required, `sub` the UUID of a person. Better Auth signs other things with the same secret (cookie caches, e-mail
 * verifications): they carry no issuer and are refused.
 */
export async function verifyToken(token: string, { secrets, issuers, now }: Trust): Promise<Verified> {
  if (token.length > TOKEN_MAX_CHARS) return { rejected: 'too-long' }
  let rejected: Rejection = 'bad-signature'
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, await keyOf(secret), {
        algorithms: ['HS256'],
        issuer: [...issuers],
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now),
      })
      const ownAudience = [payload.aud].flat().includes(payload.iss)
      const issuedLater = (payload.iat ?? 0) > now / 1000 + CLOCK_TOLERANCE_SECONDS
      if (issuedLater) return { rejected: 'not-yet' }
      const sub = Uuid.safeParse(payload.sub)
      if (!ownAudience || !sub.success) return { rejected: 'wrong-claim' }
      const sid = Uuid.safeParse(payload['sid'])
      return { userId: sub.data, ...(sid.success && { sessionId: sid.data }) }
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
