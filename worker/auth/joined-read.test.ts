import { memoryAdapter } from 'better-auth/adapters/memory'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import { betterAuth } from 'better-auth/minimal'
import { expect, test } from 'vitest'
import { Settings } from '../settings.ts'
import { sessionTokenOf } from './adapter.ts'
import { sessionOptions } from './auth.ts'

const settings = Settings.parse({
  DATABASE_URL: 'postgres://margin:margin@localhost/margin',
  BETTER_AUTH_SECRET: 'a-secret-for-tests-that-is-long-enough',
  BETTER_AUTH_URL: 'http://localhost:8787',
})

type Query = Parameters<DBAdapter['findOne']>[0]

/** Better Auth with the Worker's options, over a store that notes every read. */
function startAuth() {
  const reads: Query[] = []
  const inMemory = memoryAdapter({ user: [], account: [], session: [], verification: [] })
  const database = (options: BetterAuthOptions): DBAdapter => {
    const inner = inMemory(options)
    return {
      ...inner,
      findOne: (query) => {
        reads.push(query)
        return inner.findOne(query)
      },
      findMany: (query) => {
        throw new Error(`a session is read by findMany on ${query.model}`)
      },
    }
  }
  const auth = betterAuth({ ...sessionOptions(settings), database, emailAndPassword: { enabled: true } })
  return { auth, reads }
}

test('AUTH-103 Better Auth reads a session by one findOne on its token, joined with the user', async () => {
  const { auth, reads } = startAuth()
  const body = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }
  const { headers, response } = await auth.api.signUpEmail({ body, returnHeaders: true })
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  const withoutCopy = cookies.filter((cookie) => !cookie.includes('session_data')).join('; ')
  reads.length = 0
  const found = await auth.api.getSession({ headers: new Headers({ Cookie: withoutCopy }) })
  expect(found?.user).toMatchObject({ name: 'Ann' })
  expect(reads).toHaveLength(1)
  const [query] = reads
  expect(query).toMatchObject({ model: 'session', join: { user: true } })
  expect(query && sessionTokenOf(query)).toBe(response.token)
})

test.each<[string, Query]>([
  ['another model', { model: 'user', where: [{ field: 'token', value: 'x' }] }],
  ['another field', { model: 'session', where: [{ field: 'id', value: 'x' }] }],
  [
    'a further condition',
    {
      model: 'session',
      where: [
        { field: 'token', value: 'x' },
        { field: 'userId', value: 'x' },
      ],
    },
  ],
  ['no condition', { model: 'session', where: [] }],
])('AUTH-103 a query by %s is not recognised as it', (_, query) => {
  expect(sessionTokenOf(query)).toBeUndefined()
})
