import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { ORIGIN, SECRET, startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)
const now = Math.floor(Date.now() / 1000)

/** Text that must not appear in the log. */
const CANARY = 'canary-in-a-claim'
const good = { sub: ann.id, iss: ORIGIN, aud: [ORIGIN, `${ORIGIN}/mcp`], exp: now + 300, name: CANARY }
const sign = (claims: Record<string, unknown>, { secret = SECRET, typ = 'JWT' } = {}) =>
  new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ, kid: CANARY })
    .sign(new TextEncoder().encode(secret))

const rejected = [
  ['too-long', 'warn', await sign({ padding: 'x'.repeat(8_192) })],
  ['expired', 'info', await sign({ exp: now - 60 })],
  ['not-yet', 'warn', await sign({ iat: now + 60 })],
  ['bad-signature', 'warn', await sign({}, { secret: 'another-secret-that-is-long-enough!!' })],
  ['wrong-claim', 'warn', await sign({ aud: CANARY })],
  ['malformed', 'warn', `${CANARY}.${CANARY}.${CANARY}`],
] as const

/** The lines of the log about a request. */
const linesOf = (requestId: string) =>
  worker
    .logs()
    .split('\\n')
    .flatMap((text) => text.match(/\{\\"level\\".*?\}/g) ?? [])
    .filter((line) => line.includes(requestId))
    .map((line) => JSON.parse(line.replaceAll('\\"', '"')) as unknown)

test.each(rejected)(
  'AUTH-102 a token rejected as %s leaves one line in the log, at %s',
  async (reason, level, token) => {
    for (const [method, path, route] of [
      ['GET', '/api/tasks?secret=canary-in-the-address', '/api/tasks'],
      ['PATCH', `/api/tasks/${ann.id}`, '/api/tasks/:id'],
      ['POST', '/mcp', '/mcp'],
    ] as const) {
      const id = `${reason}-${method}`
      const headers = { Authorization: `Bearer ${token}`, 'X-Request-Id': id, 'User-Agent': CANARY }
      worker.tap.clear()
      await expectProblem(await worker.fetch(path, { method, headers }), 401, 'unauthenticated')
      expect(linesOf(id)).toEqual([{ level, request_id: id, method, route, token_rejected: reason }])
      expect(worker.tap.requests).toEqual([])
    }
  },
)

test('AUTH-102 another scheme is logged as malformed; a request without a token is not logged', async () => {
  const headers = { Authorization: `Basic ${CANARY}`, 'X-Request-Id': 'basic' }
  await worker.fetch('/api/tasks', { headers })
  expect(linesOf('basic')).toMatchObject([{ token_rejected: 'malformed' }])
  await worker.fetch('/api/tasks', { headers: { 'X-Request-Id': 'stranger' } })
  expect(linesOf('stranger')).toEqual([])
})

test('AUTH-102 no line holds a part of a token, a claim, a header or an address', async () => {
  const logged = worker.logs()
  expect(logged).toContain('token_rejected')
  expect(logged).not.toContain('canary')
  expect(logged).not.toContain(ann.id)
  for (const [, , token] of rejected)
    for (const part of token.split('.')) expect(logged).not.toContain(part.slice(0, 40))
})

test('AUTH-102 an accepted token leaves no line', async () => {
  const headers = { Authorization: `Bearer ${ann.token}`, 'X-Request-Id': 'accepted' }
  expect((await worker.fetch('/api/tasks', { headers })).status).toBe(200)
  expect(linesOf('accepted')).toEqual([])
})
