import { errors, jwtVerify, SignJWT, type JWTClaimVerificationOptions, type JWTPayload } from 'jose'
import { Uuid } from '../contract/id.ts'

/** Seconds for which an access token is valid: short, because logging out does not end it. */
export const TOKEN_LIFETIME_SECONDS = 15 * 60
/** Clock skew tolerated between issuer and verifier, seconds. */
const CLOCK_TOLERANCE_SECONDS = 5
/** Longest token that is verified, characters. */
const TOKEN_MAX_CHARS = 8_192

/** The secrets and issuers that are trusted. A token must name its issuer as audience too. */
export interface Trust {
  secrets: readonly string[]
  issuers: readonly string[]
  /** A further audience that a token must name. */
  audience?: string
  /** The current time, ms since 1970. */
  now: number
}

/** Why a token was rejected: for the log, not for the client. */
export type Rejection = 'too-long' | 'expired' | 'not-yet' | 'bad-signature' | 'wrong-claim' | 'malformed'

/** `sessionId` is missing from the tokens of some trusted front ends. */
export type Verified = { userId: string; sessionId?: string } | { rejected: Rejection }

const keys = new Map<string, Promise<CryptoKey>>()

/** Returns the HMAC key of a secret's UTF-8 bytes, imported once per isolate: importing costs more than signing. */
export function keyOf(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key =
    keys.get(secret) ??
    crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify'])
  keys.set(secret, key)
  return key
}

/** The claims of an access token; none of them is personal data. */
export interface Claims {
  userId: string
  sessionId: string
  issuer: string
  audience: string[]
  /** ms since 1970 */
  now: number
}

/** Signs an access token by HS256 with the UTF-8 bytes of the secret, as Better Auth front ends expect. */
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
    .setExpirationTime(seconds + TOKEN_LIFETIME_SECONDS)
    .sign(await keyOf(secret))
}

/**
 * Verifies a user's access token; never throws for a bad one.
 * It must name one trusted front end as issuer and as audience (RFC 8725 §3.8, §3.9), an expiry, and a user's UUID as
 * `sub`. Better Auth signs other things with the same secret (cookie caches, e-mail verifications): they have no issuer
 * and are rejected. So are the access tokens of OAuth clients, whose only audience is /mcp.
 */
export async function verifyToken(token: string, { issuers, audience, ...trust }: Trust): Promise<Verified> {
  const { payload, rejected } = await verifySignature(token, trust, {
    issuer: [...issuers],
    requiredClaims: ['sub', 'exp'],
  })
  if (rejected) return { rejected }
  const audiences = [payload.aud].flat()
  const isForUs = audiences.includes(payload.iss) && (audience === undefined || audiences.includes(audience))
  const userId = Uuid.safeParse(payload.sub)
  if (!isForUs || !userId.success) return { rejected: 'wrong-claim' }
  const sid = Uuid.safeParse(payload['sid'])
  return { userId: userId.data, ...(sid.success && { sessionId: sid.data }) }
}

/**
 * Verifies the signature, which must be HS256 by one of the secrets (RFC 8725 §3.1), and the times of a token, and
 * returns its payload. Rules beyond `claims` are checked by the caller, because each kind of token has its own (§3.12).
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
      const isIssuedLater = (payload.iat ?? 0) > now / 1000 + CLOCK_TOLERANCE_SECONDS
      return isIssuedLater ? { rejected: 'not-yet' } : { payload }
    } catch (error) {
      rejected = rejectionOf(error)
      if (rejected !== 'bad-signature') return { rejected }
    }
  }
  return { rejected }
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' ? 'not-yet' : 'wrong-claim'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature'
  if (error instanceof errors.JOSEError || error instanceof TypeError) return 'malformed'
  throw error
}
