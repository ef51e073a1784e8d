import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { callerWith, cookiesOf, PASSWORD, postJson, signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { ORIGIN, startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const join = (body: object) => worker.fetch('/api/auth/sign-up/email', postJson(body))
const login = (email: string, password = PASSWORD) =>
  worker.fetch('/api/auth/sign-in/email', postJson({ email, password }))
const withCookie = (path: string, cookie: string) => worker.fetch(path, { headers: { Cookie: cookie } })

test('AUTH-1 a user who signs up is logged in', async () => {
  const ann = await signUp(worker, 'Ann')
  const session = (await (await withCookie('/api/auth/get-session', ann.cookie)).json()) as { user: object }
  expect(session.user).toMatchObject({ id: ann.id, name: 'Ann', email: ann.email })
  expect(await ann.addTask('Milk')).toMatchObject({ user_id: ann.id })
  expect((await withCookie('/tasks', ann.cookie)).status).toBe(200)
})

test('AUTH-2 the right password logs in, a wrong one and an unknown address look the same', async () => {
  const ann = await signUp(worker, 'Ann')
  const good = await login(ann.email.toUpperCase())
  expect(good.status).toBe(200)
  const session = await (await withCookie('/api/auth/get-session', cookiesOf(good))).json()
  expect(session).toMatchObject({ user: { id: ann.id } })
  const answers = await Promise.all([login(ann.email, 'wrong password'), login('nobody@example.com')])
  const [wrong, unknown] = await Promise.all(
    answers.map(async (answer) => ({ status: answer.status, body: await answer.json() })),
  )
  expect(wrong).toEqual(unknown)
  expect(wrong?.status).toBe(401)
})

test('AUTH-2 a session cookie is hidden from scripts and not sent by other sites', async () => {
  const ann = await signUp(worker, 'Ann')
  const cookies = (await login(ann.email)).headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/)
})

test('AUTH-3 after logging out there is no session, no token and no private page', async () => {
  const ann = await signUp(worker, 'Ann')
  const out = await worker.fetch('/api/auth/sign-out', postJson({}, { Cookie: ann.cookie }))
  expect(out.status).toBe(200)
  const cookie = cookiesOf(out)
  expect(await (await withCookie('/api/auth/get-session', cookie)).json()).toBeNull()
  expect((await withCookie('/api/auth/token', cookie)).status).toBe(401)
  const page = await withCookie('/tasks?filter=open', cookie)
  expect([page.status, page.headers.get('Location')]).toEqual([302, '/login?next=%2Ftasks%3Ffilter%3Dopen'])
  expect(await querySql('select 1 from session where user_id = $1', [ann.id])).toEqual([])
})

test.each([
  ['no name', { name: undefined }],
  ['an empty name', { name: '  ' }],
  ['a name of 101', { name: 'x'.repeat(101) }],
  ['a name with NUL', { name: 'A\0nn' }],
  ['a short password', { password: '1234567' }],
  ['a long password', { password: 'x'.repeat(129) }],
  ['no address', { email: 'ann' }],
  ['an address with NUL', { email: 'ann\0@example.com' }],
  ['a number for a name', { name: 7 }],
])('AUTH-4 %s is refused with a reason', async (_, wrong) => {
  const response = await join({
    name: 'Ann',
    email: `${Math.random()}@example.com`,
    password: PASSWORD,
    ...wrong,
  })
  expect(response.status).toBe(400)
  expect(((await response.json()) as { message: string }).message).toMatch(/\w+ \w+|password/i)
})

test('AUTH-4 a name is stored trimmed, up to 100 characters of any script', async () => {
  const name = '李'.repeat(100)
  const response = await join({
    name: ` ${name} `,
    email: `${Math.random()}@example.com`,
    password: PASSWORD,
  })
  expect(await response.json()).toMatchObject({ user: { name } })
})

test('AUTH-5 an address signs up once, even at the same moment', async () => {
  const newAccount = { name: 'Ann', email: `twice-${Math.random()}@example.com`, password: PASSWORD }
  const statuses = (await Promise.all([join(newAccount), join(newAccount), join(newAccount)])).map(
    (response) => response.status,
  )
  expect(statuses.toSorted()).toEqual([200, 422, 422])
  expect((await join({ ...newAccount, email: newAccount.email.toUpperCase() })).status).toBe(422)
  expect((await login(newAccount.email)).status).toBe(200)
  expect(await querySql('select 1 as n from "user" where email = $1', [newAccount.email])).toHaveLength(1)
})

test.each([0, 1])('AUTH-6 a sign-up interrupted at its request %i can be repeated', async (cut) => {
  const newAccount = { name: 'Ann', email: `cut-${cut}-${Math.random()}@example.com`, password: PASSWORD }
  for (const fault of ['reset-before', 'answer-lost'] as const) {
    const one = { ...newAccount, email: `${fault}-${newAccount.email}` }
    worker.tap.break((n) => (n >= cut ? fault : 'pass'))
    const broken = await join(one)
    worker.tap.mend()
    if (broken.status !== 200) await expectProblem(broken, 503, 'database-away')
    const again = await join(one)
    expect([200, 422]).toContain(again.status)
    expect((await login(one.email)).status).toBe(200)
  }
})

test.each([0, 1, 2])(
  'AUTH-6 a sign-up whose statement %i Postgres refuses leaves nothing, and can be repeated',
  async (index) => {
    const newAccount = {
      name: 'Ann',
      email: `refused-${index}-${Math.random()}@example.com`,
      password: PASSWORD,
    }
    worker.tap.break((_, sql) => (sql.startsWith('insert') ? { failing: index } : 'pass'))
    const broken = await join(newAccount)
    worker.tap.mend()
    await expectProblem(broken, 500, 'internal')
    expect(await querySql('select 1 from "user" where email = $1', [newAccount.email])).toEqual([])
    expect((await join(newAccount)).status).toBe(200)
    expect((await login(newAccount.email)).status).toBe(200)
  },
)

test.each([
  '/verify-email',
  '/change-email',
  '/request-password-reset',
  '/sign-in/social',
  '/error',
  '/ok',
  '/list-accounts',
])('AUTH-7 %s is not mounted', async (path) => {
  await expectProblem(await worker.fetch(`/api/auth${path}`), 404, 'not-found')
  await expectProblem(await worker.fetch(`/api/auth${path}`, postJson({})), 404, 'not-found')
})

test('AUTH-10 a token names its user without personal data, for 15 minutes', async () => {
  const ann = await signUp(worker, 'Ann')
  const { sid, iat, exp, ...claims } = decodeJwt(ann.token)
  expect(decodeProtectedHeader(ann.token)).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(claims).toEqual({ sub: ann.id, iss: ORIGIN, aud: [ORIGIN, `${ORIGIN}/mcp`] })
  expect(sid).toMatch(/^[0-9a-f-]{36}$/)
  expect((exp ?? 0) - (iat ?? 0)).toBe(900)
})

test('AUTH-15 a token of a deleted user is refused', async () => {
  const ann = await signUp(worker, 'Ann')
  const { id } = await ann.addTask('Milk')
  await querySql('delete from "user" where id = $1', [ann.id])
  const asked: [string, string, unknown?][] = [
    ['GET', '/api/tasks'],
    ['GET', '/api/tasks/changes'],
    ['GET', '/api/tasks/export'],
    ['POST', '/api/tasks/import', { tasks: [] }],
    ['POST', '/api/tasks', { title: 'x' }],
    ['GET', `/api/tasks/${id}`],
    ['PUT', `/api/tasks/${id}`, { title: 'x' }],
    ['PATCH', `/api/tasks/${id}/complete`],
    ['DELETE', `/api/tasks/${id}`],
    ['POST', `/api/tasks/${id}/restore`],
  ]
  for (const [method, path, body] of asked)
    await expectProblem(await callerWith(worker, ann.token).call(method, path, body), 401, 'unauthenticated')
})
