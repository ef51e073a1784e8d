import { expect, test } from 'vitest'
import { createTokenStore } from './access-token.ts'

const LIFETIME_SECONDS = 900
const part = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '')

/** A server that mints tokens by a clock of its own, years away from the device's. */
function tokenServer() {
  let calls = 0
  return {
    calls: () => calls,
    fetchToken: async () => {
      calls += 1
      const iat = 86_400 * 365 * calls
      return `${part({ alg: 'HS256' })}.${part({ iat, exp: iat + LIFETIME_SECONDS })}.${calls}`
    },
  }
}

test('WEB-9 many requests at once ask for one token', async () => {
  const server = tokenServer()
  const session = createTokenStore(server.fetchToken)
  const tokens = await Promise.all(Array.from({ length: 20 }, () => session.token()))
  expect(new Set(tokens).size).toBe(1)
  expect(server.calls()).toBe(1)
})

test('WEB-9 a token is renewed once before it ends, whatever the device takes the time to be', async () => {
  const server = tokenServer()
  let now = 0
  const session = createTokenStore(server.fetchToken, () => now)
  const first = await session.token()
  now = (LIFETIME_SECONDS - 61) * 1_000
  expect(await session.token()).toBe(first)
  now = (LIFETIME_SECONDS - 59) * 1_000
  const [second, third] = await Promise.all([session.token(), session.token()])
  expect(second).not.toBe(first)
  expect(third).toBe(second)
  expect(server.calls()).toBe(2)
})

test('WEB-9 requests that were refused together renew the token once', async () => {
  const server = tokenServer()
  const session = createTokenStore(server.fetchToken)
  const stale = await session.token()
  const renewed = await session.renew(stale)
  expect(await session.renew(stale)).toBe(renewed)
  expect(server.calls()).toBe(2)
})

test('WEB-8 a token that came with the page is used until it is forgotten', async () => {
  const server = tokenServer()
  const session = createTokenStore(server.fetchToken)
  session.adopt('not.readable.token')
  expect(await session.token()).toBe('not.readable.token')
  session.forget()
  expect(await session.token()).not.toBe('not.readable.token')
})

test('WEB-9 a failed renewal is not remembered', async () => {
  let fails = true
  const session = createTokenStore(async () => {
    if (fails) throw new Error('away')
    return 'a.b.c'
  })
  await expect(session.token()).rejects.toThrow('away')
  fails = false
  expect(await session.token()).toBe('a.b.c')
})
