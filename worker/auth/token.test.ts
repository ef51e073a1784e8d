import { base64url, EncryptJWT, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { signToken, TOKEN_LIFETIME_SECONDS, verifyToken } from './token.ts'

const SECRET = 'a-secret-for-tests-that-is-long-enough'
const PREVIOUS = 'the-secret-that-was-there-before-it-x'
const FORGED = 'a-key-that-the-token-itself-brings-along'
const OURS = 'https://margin.example'
const THEIRS = 'https://app.example/base'
const SUB = '0199a1b2-3c4d-7e8f-9012-3456789abcde'
const NOW = Date.parse('2026-11-21T08:00:00Z')
const SECONDS = NOW / 1000
const trust = { secrets: [SECRET, PREVIOUS], issuers: [OURS, THEIRS], now: NOW }

const good = { sub: SUB, iss: OURS, aud: [OURS, `${OURS}/mcp`], iat: SECONDS - 10, exp: SECONDS + 890 }
const key = (secret: string) => new TextEncoder().encode(secret)
/** Claims of any shape, including those that jose's types refuse. */
type Claims = Record<string, unknown>
const sign = (claims: Claims, { secret = SECRET, alg = 'HS256' } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key(secret))

test('AUTH-10 a token that we sign is accepted until it expires', async () => {
  const claims = { userId: SUB, sessionId: 's', issuer: OURS, audience: [OURS], now: NOW }
  const token = await signToken(claims, SECRET)
  expect(await verifyToken(token, trust)).toEqual({ userId: SUB })
  const at = (seconds: number) => verifyToken(token, { ...trust, now: NOW + seconds * 1000 })
  expect(await at(TOKEN_LIFETIME_SECONDS + 4)).toEqual({ userId: SUB })
  expect(await at(TOKEN_LIFETIME_SECONDS + 6)).toEqual({ rejected: 'expired' })
})

test.each<[string, Claims, object?]>([
  ['good', good],
  ['signed with the previous secret', good, { secret: PREVIOUS }],
  ['with one audience', { ...good, aud: OURS }],
  [
    'of a trusted front end, as Better Auth makes it',
    { ...good, iss: THEIRS, aud: THEIRS, name: 'Ann', email: 'a@b.c' },
  ],
  ['without iat', { sub: SUB, iss: OURS, aud: OURS, exp: SECONDS + 5 }],
  ['a moment ahead of our clock', { ...good, iat: SECONDS + 4, nbf: SECONDS + 4 }],
])('AUTH-11 a token %s is accepted', async (_, claims, options) => {
  expect(await verifyToken(await sign(claims, options), trust)).toEqual({ userId: SUB })
})

test.each([
  [SUB.toUpperCase(), SUB],
  ['no id', undefined],
  [7, undefined],
  [undefined, undefined],
])('AUTH-30 a session id in a token must be a UUID: %s', async (sid, sessionId) => {
  expect(await verifyToken(await sign({ ...good, sid }), trust)).toEqual({ userId: SUB, sessionId })
})

test('AUTH-11 a subject is a UUID in upper or lower case', async () => {
  expect(await verifyToken(await sign({ ...good, sub: SUB.toUpperCase() }), trust)).toEqual({ userId: SUB })
})

test.each<[string, Claims, string, object?]>([
  ['expired', { ...good, exp: SECONDS - 6 }, 'expired'],
  ['without exp', { ...good, exp: undefined }, 'wrong-claim'],
  ['with an exp that is no number', { ...good, exp: 'tomorrow' }, 'wrong-claim'],
  ['from the future', { ...good, iat: SECONDS + 60 }, 'not-yet'],
  ['not valid yet', { ...good, nbf: SECONDS + 60 }, 'not-yet'],
  ['of another issuer', { ...good, iss: 'https://evil.example' }, 'wrong-claim'],
  ['without issuer', { ...good, iss: undefined }, 'wrong-claim'],
  ['for another audience', { ...good, aud: 'https://evil.example' }, 'wrong-claim'],
  ['without audience', { ...good, aud: undefined }, 'wrong-claim'],
  ['for /mcp alone', { ...good, aud: `${OURS}/mcp` }, 'wrong-claim'],
  ["of one trusted issuer for another's audience", { ...good, iss: THEIRS, aud: OURS }, 'wrong-claim'],
  ['with a slash more in the issuer', { ...good, iss: `${OURS}/`, aud: `${OURS}/` }, 'wrong-claim'],
  ['without subject', { ...good, sub: undefined }, 'wrong-claim'],
  ['with an empty subject', { ...good, sub: '' }, 'wrong-claim'],
  ['with a subject that is no id', { ...good, sub: "1' or '1'='1" }, 'wrong-claim'],
  ['with a NUL in the subject', { ...good, sub: `${SUB}\0` }, 'wrong-claim'],
  ['with a number as subject', { ...good, sub: 7 }, 'wrong-claim'],
  ['signed with another secret', good, 'bad-signature', { secret: 'another-secret-that-is-long-enough!!' }],
  ['signed with the secret cut short', good, 'bad-signature', { secret: SECRET.slice(0, -1) }],
  ['signed by HS512', good, 'malformed', { secret: SECRET + SECRET, alg: 'HS512' }],
  [
    'that is a cookie cache',
    { session: { id: 'x' }, user: { id: SUB }, iat: SECONDS, exp: SECONDS + 300 },
    'wrong-claim',
  ],
  [
    'that verifies an e-mail address',
    { email: 'ann@example.com', iat: SECONDS, exp: SECONDS + 300 },
    'wrong-claim',
  ],
])('AUTH-11 a token %s is rejected', async (_, claims, rejected, options) => {
  expect(await verifyToken(await sign(claims, options), trust)).toEqual({ rejected })
})

test('AUTH-11 a token that is altered, unsigned, encrypted or signed by a public-key algorithm is rejected', async () => {
  const token = await sign(good)
  const [head, , signature] = token.split('.')
  const forged = base64url.encode(JSON.stringify({ ...good, sub: '0199a1b2-3c4d-7e8f-9012-000000000000' }))
  expect(await verifyToken(`${head}.${forged}.${signature}`, trust)).toEqual({ rejected: 'bad-signature' })
  expect(await verifyToken(token.slice(0, -4), trust)).toEqual({ rejected: 'bad-signature' })
  expect(await verifyToken(new UnsecuredJWT(good).encode(), trust)).toEqual({ rejected: 'malformed' })
  const { privateKey } = await generateKeyPair('EdDSA')
  const asymmetric = await new SignJWT(good).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey)
  expect(await verifyToken(asymmetric, trust)).toEqual({ rejected: 'malformed' })
  const sealed = new EncryptJWT(good).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
  expect(await verifyToken(await sealed.encrypt(key(SECRET.slice(0, 32))), trust)).toEqual({
    rejected: 'malformed',
  })
})

test.each<[string, Claims]>([
  ['kid', { kid: '../../dev/null' }],
  ['jku', { jku: 'https://evil.example/keys' }],
  ['x5u', { x5u: 'https://evil.example/chain' }],
  ['jwk', { jwk: { kty: 'oct', k: base64url.encode(FORGED) } }],
])('AUTH-11 a %s in the header of a token does not choose the key', async (_, head) => {
  const token = (secret: string) =>
    new SignJWT(good).setProtectedHeader({ alg: 'HS256', ...head }).sign(key(secret))
  expect(await verifyToken(await token(SECRET), trust)).toEqual({ userId: SUB })
  expect(await verifyToken(await token(FORGED), trust)).toEqual({ rejected: 'bad-signature' })
})

test.each([
  ['nothing', ''],
  ['dots', '..'],
  ['two parts', 'a.b'],
  ['three letters', 'a.b.c'],
  ['8,193 characters', 'x'.repeat(8_193)],
  ['a huge header', `${'x'.repeat(3_000)}.y.z`],
  ['milk', '🥛.🥛.🥛'],
  ['empty objects', 'e30.e30.e30'],
])('AUTH-11 garbage is rejected: %s', async (_, token) => {
  expect(await verifyToken(token, trust)).toHaveProperty('rejected')
})
