import { expect, test } from 'vitest'
import { cookiesOf, PASSWORD, postJson, signUp } from '../../tests/support/people.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { PAGE_SESSION_ELEMENT, PageSession } from '../contract/page.ts'

const worker = await startWorker()

const open = (path: string, cookie: string) => worker.fetch(path, { headers: { Cookie: cookie } })

/** Removes the signed copy of the session, which expires after 5 minutes. */
const staleOf = (cookie: string) =>
  cookie
    .split('; ')
    .filter((one) => !one.includes('session_data'))
    .join('; ')

/** Returns the session data in the page of tasks, and the number of statements in each of its round trips. */
async function firstResponse(cookie: string) {
  worker.tap.clear()
  const page = await open('/tasks', cookie)
  const [, json = ''] =
    new RegExp(`id="${PAGE_SESSION_ELEMENT}">(.*?)</script>`).exec(await page.text()) ?? []
  return { session: PageSession.parse(JSON.parse(json)), cost: worker.tap.requests.map((sql) => sql.length) }
}

test('WEB-48 the page of tasks has its user, a token and the first tasks in it, however old the cookie', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  await bob.addTask('Secret of Bob')
  await (async () => {
    for (const title of ['Milk', 'Bread </script>', 'Gone']) await ann.addTask(title)
  })()
  const [gone, bread] = (await ann.tasks()).tasks
  await ann.call('DELETE', `/api/tasks/${gone?.id}`)
  await ann.call('PATCH', `/api/tasks/${bread?.id}`, { completed: true, description: 'Rye' })
  const expected = await ann.tasks()
  expect(expected.tasks).toHaveLength(2)
  for (const cookie of [ann.cookie, staleOf(ann.cookie)]) {
    const { session, cost } = await firstResponse(cookie)
    expect(session).toMatchObject({ user: { id: ann.id, name: 'Ann', email: ann.email }, tasks: expected })
    expect(cost).toEqual([1])
    const asked = await worker.fetch('/api/tasks', { headers: { Authorization: `Bearer ${session.token}` } })
    expect(await asked.json()).toEqual(expected)
  }
})

test('WEB-48 the page has the first page of a long list as the API serves it, and an empty page of an empty list', async () => {
  const ann = await signUp(worker)
  for (const cookie of [ann.cookie, staleOf(ann.cookie)])
    expect((await firstResponse(cookie)).session.tasks).toEqual({ tasks: [], next_cursor: null })
  await querySql(
    `insert into tasks (id, user_id, title, created_at, updated_at)
     select gen_random_uuid(), $1, 'Task ' || n, now() - n % 7 * interval '1 ms', now()
     from generate_series(1, 120) n`,
    [ann.id],
  )
  const expected = await ann.tasks()
  expect(expected.next_cursor).not.toBeNull()
  for (const cookie of [ann.cookie, staleOf(ann.cookie)])
    expect((await firstResponse(cookie)).session.tasks).toEqual(expected)
})

test('WEB-48 the page renews an old cookie, and extends the session once a day by one more statement', async () => {
  const ann = await signUp(worker)
  const renewed = await open('/tasks', staleOf(ann.cookie))
  expect(cookiesOf(renewed)).toContain('session_data')
  await querySql(`update session set expires_at = now() + interval '5 days' where user_id = $1`, [ann.id])
  const { session, cost } = await firstResponse(staleOf(ann.cookie))
  expect(session.tasks?.tasks).toEqual([])
  expect(cost).toEqual([1, 1])
  expect(await firstResponse(staleOf(ann.cookie))).toMatchObject({ cost: [1] })
  await querySql(`update session set expires_at = now() - interval '1 s' where user_id = $1`, [ann.id])
  expect((await open('/tasks', staleOf(ann.cookie))).headers.get('Location')).toBe('/login?next=%2Ftasks')
})

test('AUTH-15 a page of a deleted account redirects to the login and deletes the cookies', async () => {
  const ann = await signUp(worker)
  const login = postJson({ email: ann.email, password: PASSWORD })
  const phone = cookiesOf(await worker.fetch('/api/auth/sign-in/email', login))
  const gone = postJson({ password: PASSWORD }, { Cookie: ann.cookie })
  expect((await worker.fetch('/api/auth/delete-user', gone)).status).toBe(200)
  for (const cookie of [phone, staleOf(phone)]) {
    const page = await open('/tasks?filter=open', cookie)
    expect([page.status, page.headers.get('Location')]).toEqual([302, '/login?next=%2Ftasks%3Ffilter%3Dopen'])
    const ended = page.headers.getSetCookie().filter((one) => one.includes('Max-Age=0'))
    expect(ended.map((one) => one.split('=')[0])).toEqual(
      expect.arrayContaining(['better-auth.session_token', 'better-auth.session_data']),
    )
  }
  for (const path of ['/account', '/chat'])
    for (const cookie of [phone, staleOf(phone)])
      expect([200, 302]).toContain((await open(path, cookie)).status)
})
