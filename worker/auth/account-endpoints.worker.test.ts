import { afterEach, expect, test } from 'vitest'
import {
  callerWith,
  cookiesOf,
  PASSWORD,
  postJson,
  signUp,
  type TestUser,
} from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
afterEach(() => worker.tap.mend())

const NEW = 'another fine password'
const post = (path: string, body: unknown, cookie = '') =>
  worker.fetch(`/api/auth/${path}`, postJson(body, { Cookie: cookie }))
const logIn = (email: string, password: string) => post('sign-in/email', { email, password })
const change = (one: TestUser, more: object = {}) =>
  post('change-password', { currentPassword: PASSWORD, newPassword: NEW, ...more }, one.cookie)
const sessionOf = async (cookie: string) =>
  (await (await worker.fetch('/api/auth/get-session', { headers: { Cookie: cookie } })).json()) as {
    user: { name: string; email: string; image: string | null }
  } | null

test('AUTH-34 a user changes their name, and the next page shows it', async () => {
  const ann = await signUp(worker)
  const sent = { name: '  Anna ', image: 'https://evil.example', email: 'x@example.com', emailVerified: true }
  const { status, statements, response } = await costOf(worker, () => post('update-user', sent, ann.cookie))
  expect({ status, statements }).toEqual({ status: 200, statements: [1, 1] })
  const session = await sessionOf(cookiesOf(response))
  expect(session?.user).toMatchObject({ name: 'Anna', email: ann.email, image: null })
  const rows = await querySql('select name, email, image, email_verified from "user" where id = $1', [ann.id])
  expect(rows).toEqual([{ name: 'Anna', email: ann.email, image: null, email_verified: 'f' }])
})

test.each([
  ['none', undefined],
  ['an empty one', '  '],
  ['one of 101', 'x'.repeat(101)],
  ['one with NUL', 'A\0nn'],
  ['a number', 7],
])('AUTH-34 a name is checked as at sign-up: %s', async (_, name) => {
  const ann = await signUp(worker)
  const refused = await post('update-user', { name }, ann.cookie)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ code: 'INVALID_NAME' })
  expect(await querySql('select name from "user" where id = $1', [ann.id])).toEqual([{ name: 'Ann' }])
})

test('AUTH-35 a new password replaces the old one, and other sessions may stay', async () => {
  const ann = await signUp(worker)
  await logIn(ann.email, PASSWORD)
  const { status, statements } = await costOf(worker, () => change(ann))
  expect({ status, statements }).toEqual({ status: 200, statements: [1, 1, 1] })
  expect((await logIn(ann.email, PASSWORD)).status).toBe(401)
  expect((await logIn(ann.email, NEW)).status).toBe(200)
  expect(await querySql('select 1 from session where user_id = $1', [ann.id])).toHaveLength(3)
})

test('AUTH-35 on request other sessions end, and this one goes on under a new cookie only', async () => {
  const ann = await signUp(worker)
  const phone = cookiesOf(await logIn(ann.email, PASSWORD))
  const { status, statements, response, text } = await costOf(worker, () =>
    change(ann, { revokeOtherSessions: true }),
  )
  expect({ status, statements }).toEqual({ status: 200, statements: [1, 1, 1] })
  const cookie = cookiesOf(response)
  const rows = await querySql('select token from session where user_id = $1', [ann.id])
  expect(rows).toHaveLength(1)
  expect(text).not.toContain(rows[0]?.['token'])
  expect(await post('update-user', { name: 'Anna' }, cookie)).toMatchObject({ status: 200 })
  for (const old of [ann.cookie, phone])
    expect(await post('update-user', { name: 'Thief' }, old)).toMatchObject({ status: 401 })
  // The session keeps its id, so that tokens of this page stay valid.
  expect((await callerWith(worker, ann.token).call('GET', '/api/account/sessions')).status).toBe(200)
})

test.each([
  ['a wrong password', { currentPassword: 'not it at all' }, 'INVALID_PASSWORD'],
  ['a short one', { newPassword: '1234567' }, 'PASSWORD_TOO_SHORT'],
  ['a long one', { newPassword: 'x'.repeat(129) }, 'PASSWORD_TOO_LONG'],
  ['one too long to be it', { currentPassword: 'x'.repeat(129) }, 'PASSWORD_TOO_LONG'],
])('AUTH-35 %s is refused and changes nothing', async (_, more, code) => {
  const ann = await signUp(worker)
  await logIn(ann.email, PASSWORD)
  const refused = await change(ann, { revokeOtherSessions: true, ...more })
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ code })
  expect((await logIn(ann.email, PASSWORD)).status).toBe(200)
  expect(await querySql('select 1 from session where user_id = $1', [ann.id])).toHaveLength(3)
})

test.each([0, 1, 2])(
  'AUTH-36 a change of password interrupted at its statement %i happens as a whole or not at all',
  async (cut) => {
    for (const fault of ['reset-before', 'answer-lost'] as const) {
      const ann = await signUp(worker)
      await logIn(ann.email, PASSWORD)
      worker.tap.break((n) => (n >= cut ? fault : 'pass'))
      await expectProblem(await change(ann, { revokeOtherSessions: true }), 503, 'database-away')
      worker.tap.mend()
      const sessions = await querySql('select 1 from session where user_id = $1', [ann.id])
      const isNew = (await logIn(ann.email, NEW)).status === 200
      expect({ isNew, sessions: sessions.length }).toEqual(
        cut === 2 && fault === 'answer-lost' ? { isNew: true, sessions: 1 } : { isNew: false, sessions: 2 },
      )
      expect((await logIn(ann.email, PASSWORD)).status).toBe(isNew ? 401 : 200)
    }
  },
)

test('AUTH-37 with the password everything of a user is deleted at once, and the address is free', async () => {
  const ann = await signUp(worker)
  const bob = await signUp(worker, 'Bob')
  await Promise.all([ann.addTask('Milk'), bob.addTask('Bread')])
  for (const body of [{}, { password: '' }, { password: 'not it at all' }, { password: 7 }, { token: 'x' }])
    expect((await post('delete-user', body, ann.cookie)).status).toBe(400)
  expect((await post('delete-user', { password: PASSWORD })).status).toBe(401)
  expect((await ann.tasks()).tasks).toHaveLength(1)

  const gone = await costOf(worker, () => post('delete-user', { password: PASSWORD }, ann.cookie))
  expect({ status: gone.status, statements: gone.statements }).toEqual({ status: 200, statements: [1, 1, 1] })
  expect(gone.response.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/)
  for (const table of ['tasks', 'session', 'account'])
    expect(await querySql(`select 1 from ${table} where user_id = $1`, [ann.id])).toEqual([])
  expect(await querySql('select 1 from "user" where id = $1', [ann.id])).toEqual([])
  expect((await logIn(ann.email, PASSWORD)).status).toBe(401)
  await expectProblem(await ann.call('GET', '/api/tasks'), 401, 'unauthenticated')
  expect((await bob.tasks()).tasks).toHaveLength(1)
  const again = { name: 'Ann', email: ann.email, password: NEW }
  expect((await post('sign-up/email', again)).status).toBe(200)
})

test('AUTH-37 the password is required whatever the age of the session, and an old session is accepted', async () => {
  const ann = await signUp(worker)
  await querySql("update session set created_at = now() - interval '6 days' where user_id = $1", [ann.id])
  expect((await change(ann)).status).toBe(200)
  expect((await post('delete-user', { password: NEW }, ann.cookie)).status).toBe(200)
})

test.each(['update-user', 'change-password', 'delete-user'])(
  'AUTH-38 %s is refused from another site',
  async (path) => {
    const ann = await signUp(worker)
    const body = { name: 'x', currentPassword: PASSWORD, newPassword: NEW, password: PASSWORD }
    const headers = { Cookie: ann.cookie, Origin: 'https://evil.example' }
    expect((await worker.fetch(`/api/auth/${path}`, postJson(body, headers))).status).toBe(403)
    expect((await worker.fetch(`/api/auth/${path}`)).status).toBe(405)
  },
)

test('AUTH-39 the account page is for its user: their name and a token, no tasks, one statement beside the session’s', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Milk')
  const stale = ann.cookie
    .split('; ')
    .filter((cookie) => !cookie.includes('session_data'))
    .join('; ')
  for (const [cookie, statements] of [
    [ann.cookie, [1]],
    [stale, [1, 1]],
  ] as const) {
    const page = await costOf(worker, () => worker.fetch('/account', { headers: { Cookie: cookie } }))
    expect({ status: page.status, statements: page.statements }).toEqual({ status: 200, statements })
    expect(page.text).toContain(ann.email)
    expect(page.text).not.toContain('Milk')
    expect(page.response.headers.get('Cache-Control')).toBe('private, no-store')
  }
  const stranger = await costOf(worker, () => worker.fetch('/account'))
  expect(stranger).toMatchObject({ status: 302, statements: [] })
  expect(stranger.response.headers.get('Location')).toBe('/login?next=%2Faccount')
})
