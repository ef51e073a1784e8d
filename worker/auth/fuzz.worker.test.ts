import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PASSWORD, postJson, signUp } from '../../tests/support/people.ts'
import { propertySeed } from '../../tests/support/property-seed.ts'
import { expectNoLeak } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

fc.configureGlobal({ seed: propertySeed(20_261_121) })

const worker = await startWorker()
const ann = await signUp(worker)

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', '\0', '\ud800', 'x'.repeat(200), PASSWORD, 'Ann', 'https://evil.example', '//x'),
)
const anything = fc.oneof(text, fc.jsonValue(), fc.boolean(), fc.integer(), fc.constant(null))
const email = fc.oneof(
  fc.uuid().map((id) => `${id}@example.com`),
  text.map((some) => `${some}@example.com`),
  anything,
)
/** Returns a field that is often valid, so that later checks are reached too. */
const often = (good: string) => fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, anything)

const body = fc.record(
  {
    name: often('Ann'),
    email,
    password: often(PASSWORD),
    currentPassword: often(PASSWORD),
    newPassword: anything,
    image: anything,
    rememberMe: anything,
    callbackURL: anything,
    emailVerified: anything,
    id: anything,
    revokeOtherSessions: anything,
    constructor: anything,
  },
  { requiredKeys: ['name', 'email', 'password'] },
)

const paths = ['sign-up/email', 'sign-in/email', 'sign-out', 'update-user', 'change-password', 'delete-user']

test('TASK-55 no body sent to an account endpoint is answered by 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(body, anything),
      fc.constantFrom(...paths),
      fc.boolean(),
      async (json, path, known) => {
        const headers = known && path !== 'sign-out' ? { Cookie: ann.cookie } : {}
        const response = await worker.fetch(`/api/auth/${path}`, postJson(json, headers))
        const answer = await response.text()
        expect(response.status, `${path} ${JSON.stringify(json)}: ${answer}`).toBeLessThan(500)
        if (response.status >= 400) expectNoLeak(answer)
      },
    ),
    { numRuns: 120 },
  )
})

test.each(['\0', 'x'.repeat(60_000), 'https://example.com/ann.png'])(
  'AUTH-4 a sign-up stores nothing but name, address and password: an image (%#) is dropped',
  async (image) => {
    const newAccount = { name: 'Ann', email: `${Math.random()}@example.com`, password: PASSWORD }
    const joined = await worker.fetch('/api/auth/sign-up/email', postJson({ ...newAccount, image }))
    expect(joined.status).toBe(200)
    expect(await joined.json()).toMatchObject({ user: { image: null } })
    expect(joined.headers.getSetCookie().join().length).toBeLessThan(2_000)
    expect(await querySql('select image from "user" where email = $1', [newAccount.email])).toEqual([
      { image: null },
    ])
  },
)
