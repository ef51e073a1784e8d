import { base64url, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import {
  ACCESS_TOKEN_LIFETIME_SECONDS,
  OAUTH_SCOPES,
  signAccessToken,
  verifyAccessToken,
} from './access-token.ts'

const SECRET = 'a-secret-for-tests-that-is-long-enough'
const PREVIOUS = 'the-secret-that-was-there-before-it-x'
const FORGED = 'a-key-that-the-token-itself-brings-along'
const OURS = 'https://margin.example'
const SUB = '0199a1b2-3c4d-7e8f-9012-3456789abcde'
const NOW = Date.parse('2026-11-21T08:00:00Z')
const SECONDS = NOW / 1000

const good = {
  sub: SUB,
  iss: OURS,
  aud: `${OURS}/mcp`,
  client_id: 'a-program',
  scope: 'tasks:read tasks:write offline_access',
  iat: SECONDS - 10,
  exp: SECONDS - 10 + ACCESS_TOKEN_LIFETIME_SECONDS,
}
const all = { userId: SUB, scopes: OAUTH_SCOPES }

/** Claims of any shape, including those that jose's types refuse. */
type Claims = Record<string, unknown>
const key = (secret: string) => new TextEncoder().encode(secret)
const sign = (claims: Claims, { secret = SECRET, ...head }: Claims & { secret?: string } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...head }).sign(key(secret))
const verify = (token: string, now = NOW) =>
  verifyAccessToken(token, `${OURS}/mcp`, { secrets: [SECRET, PREVIOUS], now })

test('MCP-4 an access token that we sign is accepted until it expires', async () => {
  const token = await signAccessToken(good, SECRET)
  expect(await verify(token)).toEqual(all)
  expect(await verify(token, good.exp * 1000 + 4_000)).toEqual(all)
  expect(await verify(token, good.exp * 1000 + 6_000)).toEqual({ rejected: 'expired' })
})

test.each<[string, Claims, Claims?]>([
  ['good', good],
  ['signed with the previous secret', good, { secret: PREVIOUS }],
  ['with more audiences', { ...good, aud: [`${OURS}/mcp`, `${OURS}/userinfo`] }],
  ['with a subject in capitals', { ...good, sub: SUB.toUpperCase() }],
  ['of the whole media type', good, { typ: 'application/at+jwt' }],
  ['with a kid', good, { kid: '../../dev/null' }],
  ['with a jku', good, { jku: 'https://evil.example/keys' }],
  ['with an x5u', good, { x5u: 'https://evil.example/chain' }],
])('MCP-4 an access token %s is accepted', async (_, claims, options) => {
  expect(await verify(await sign(claims, options))).toEqual(all)
})

test.each([
  ['tasks:read', ['tasks:read']],
  ['tasks:write openid', ['tasks:write']],
  ['tasks:writes TASKS:READ', []],
  ['', []],
])('MCP-4 a client gets the known scopes of its token: “%s”', async (scope, scopes) => {
  expect(await verify(await sign({ ...good, scope }))).toEqual({ userId: SUB, scopes })
})

test.each<[string, Claims, string, Claims?]>([
  ['expired', { ...good, exp: SECONDS - 6 }, 'expired'],
  ['without exp', { ...good, exp: undefined }, 'wrong-claim'],
  ['from the future', { ...good, iat: SECONDS + 60 }, 'not-yet'],
  ['not valid yet', { ...good, nbf: SECONDS + 60 }, 'not-yet'],
  ['of another issuer', { ...good, iss: 'https://evil.example' }, 'wrong-claim'],
  ['without issuer', { ...good, iss: undefined }, 'wrong-claim'],
  ['for the API', { ...good, aud: OURS }, 'wrong-claim'],
  ['for another server', { ...good, aud: 'https://evil.example/mcp' }, 'wrong-claim'],
  ['for an address with a slash more', { ...good, aud: `${OURS}/mcp/` }, 'wrong-claim'],
  ['without audience', { ...good, aud: undefined }, 'wrong-claim'],
  ['without subject', { ...good, sub: undefined }, 'wrong-claim'],
  ['with a subject that is no id', { ...good, sub: 'a-program' }, 'wrong-claim'],
  ['without a client', { ...good, client_id: undefined }, 'wrong-claim'],
  ['without scope', { ...good, scope: undefined }, 'wrong-claim'],
  ['with scopes in a list', { ...good, scope: ['tasks:read'] }, 'wrong-claim'],
  ['of the type of users’ tokens', good, 'wrong-claim', { typ: 'JWT' }],
  ['without type', good, 'wrong-claim', { typ: undefined }],
  ['signed with another secret', good, 'bad-signature', { secret: FORGED }],
  [
    'with the key it is signed by',
    good,
    'bad-signature',
    { secret: FORGED, jwk: { kty: 'oct', k: base64url.encode(FORGED) } },
  ],
  [
    'with the address of that key',
    good,
    'bad-signature',
    { secret: FORGED, jku: 'https://evil.example/keys', kid: 'x' },
  ],
  ['signed by HS512', good, 'malformed', { secret: SECRET + SECRET, alg: 'HS512' }],
])('MCP-4 an access token %s is rejected', async (_, claims, rejected, options) => {
  expect(await verify(await sign(claims, options))).toEqual({ rejected })
})

test('MCP-4 an access token that is unsigned, too long or garbage is rejected', async () => {
  expect(await verify(new UnsecuredJWT(good).encode())).toEqual({ rejected: 'malformed' })
  expect(await verify('x'.repeat(8_193))).toEqual({ rejected: 'too-long' })
  for (const token of ['', '..', 'a.b.c', 'e30.e30.e30', '🥛.🥛.🥛'])
    expect(await verify(token)).toHaveProperty('rejected')
})
