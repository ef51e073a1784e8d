import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { callerWith, cookiesOf, PASSWORD, postJson, signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { ORIGIN, SECRET, startWorker } from '../../tests/support/worker.ts'
import { SessionList, type Session } from '../contract/session.ts'

const worker = await startWorker()

/** Logs a user in on another device; returns its cookie, its token and the API with that token. */
async function logIn(email: string, userAgent: string) {
  const body = postJson({ email, password: PASSWORD }, { 'User-Agent': userAgent })
  const answer = await worker.fetch('/api/auth/sign-in/email', body)
  const cookie = cookiesOf(answer)
  const asked = await worker.fetch('/api/auth/token', { headers: { Cookie: cookie } })
  const { token } = (await asked.json()) as { token: string }
  return { ...callerWith(worker, token), cookie, token }
}

const read = async (one: Pick<Awaited<ReturnType<typeof logIn>>, 'call'>): Promise<Session[]> =>
  SessionList.parse(await (await one.call('GET', '/api/account/sessions')).json()).sessions

test('AUTH-31 a user sees their active sessions, the current one first and marked, without tokens', async () => {
  const [ann] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const phone = await logIn(ann.email, 'A phone')
  await querySql("insert into session (token, user_id, expires_at) values ($2, $1, now() - interval '1 s')", [
    ann.id,
    randomUUID(),
  ])
  const { text, statements } = await costOf(worker, () => ann.call('GET', '/api/account/sessions'))
  const { sessions } = SessionList.parse(JSON.parse(text))
  expect(statements).toEqual([1])
  expect(sessions.map(({ current }) => current)).toEqual([true, false])
  expect(sessions[1]).toMatchObject({ user_agent: 'A phone' })
  expect((await read(phone))[0]).toMatchObject({ user_agent: 'A phone', current: true })
  for (const { token } of await querySql('select token from session where user_id = $1', [ann.id]))
    expect(text).not.toContain(token)
})

test('AUTH-32 a user ends one session; repeating it does no harm, and it ends none of another user', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const phone = await logIn(ann.email, 'A phone')
  const [id = ''] = (await read(ann)).filter(({ current }) => !current).map((one) => one.id)
  expect((await bob.call('DELETE', `/api/account/sessions/${id}`)).status).toBe(204)
  expect(await read(ann)).toHaveLength(2)
  for (let time = 0; time < 2; time++) {
    const { status, statements } = await costOf(worker, () =>
      ann.call('DELETE', `/api/account/sessions/${id}`),
    )
    expect({ status, statements }).toEqual({ status: 204, statements: [1] })
  }
  expect(await read(ann)).toHaveLength(1)
  expect(await read(bob)).toHaveLength(1)
  await expectProblem(await phone.call('GET', '/api/account/sessions'), 401, 'unauthenticated')
  await expectProblem(await ann.call('DELETE', '/api/account/sessions/7'), 404, 'not-found')
})

test('AUTH-32 a user logs out everywhere', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  await logIn(ann.email, 'A phone')
  const { status, statements } = await costOf(worker, () => ann.call('DELETE', '/api/account/sessions'))
  expect({ status, statements }).toEqual({ status: 204, statements: [1] })
  expect(await querySql('select 1 from session where user_id = $1', [ann.id])).toEqual([])
  expect(await read(bob)).toHaveLength(1)
})

test('AUTH-33 a session that has ended can do nothing to the account, however fresh its cookie and token', async () => {
  const ann = await signUp(worker)
  const thief = await logIn(ann.email, 'A thief')
  const [id] = (await read(ann)).filter(({ current }) => !current).map((one) => one.id)
  await ann.call('DELETE', `/api/account/sessions/${id}`)
  for (const [method, path] of [
    ['GET', '/api/account/sessions'],
    ['DELETE', '/api/account/sessions'],
    ['DELETE', `/api/account/sessions/${(await read(ann))[0]?.id}`],
  ] as const)
    await expectProblem(await thief.call(method, path), 401, 'unauthenticated')
  const password = { currentPassword: PASSWORD, newPassword: 'another password', revokeOtherSessions: true }
  for (const [path, body] of [
    ['update-user', { name: 'Thief' }],
    ['change-password', password],
    ['delete-user', { password: PASSWORD }],
  ] as const) {
    const answer = await worker.fetch(`/api/auth/${path}`, postJson(body, { Cookie: thief.cookie }))
    expect({ path, status: answer.status }).toEqual({ path, status: 401 })
  }
  expect(await querySql('select name from "user" where id = $1', [ann.id])).toEqual([{ name: 'Ann' }])
  expect(await read(ann)).toHaveLength(1)
  await logIn(ann.email, 'With the same password')
})

test('AUTH-30 a token that names no session is good for tasks and not for sessions', async () => {
  const ann = await signUp(worker)
  const token = await new SignJWT({ sid: 'none' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(ann.id)
    .setIssuer(ORIGIN)
    .setAudience(ORIGIN)
    .setExpirationTime('15m')
    .sign(new TextEncoder().encode(SECRET))
  const other = callerWith(worker, token)
  expect((await other.call('GET', '/api/tasks')).status).toBe(200)
  worker.tap.clear()
  await expectProblem(await other.call('GET', '/api/account/sessions'), 403, 'forbidden')
  await expectProblem(await other.call('DELETE', '/api/account/sessions'), 403, 'forbidden')
  await expectProblem(await worker.fetch('/api/account/sessions'), 401, 'unauthenticated')
  expect(worker.tap.requests).toEqual([])
})
