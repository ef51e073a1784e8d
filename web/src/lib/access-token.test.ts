import { expect, test } from 'vitest'
import { createTokenStore } from './access-token.ts'

const LIFETIME_SECONDS = 900
const encodePart = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '')

/** A server whose clock is years away from the device's. */
function tokenServer() {
  let calls = 0
  return {
    calls: () => calls,
    fetchToken: async () => {
      calls += 1
      const iat = 86_400 * 365 * calls
      return `${encodePart({ alg: 'HS256' })}.${encodePart({ iat, exp: iat + LIFETIME_SECONDS })}.${calls}`
    },
  }
}

test('WEB-9 concurrent requests share one request for a token', async () => {
  const server = tokenServer()
  const tokenStore = createTokenStore(server.fetchToken)
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenStore.get()))
  expect(new Set(tokens).size).toBe(1)
  expect(server.calls()).toBe(1)
})

test('WEB-9 a token is renewed once before it expires, whatever the clock of the device says', async () => {
  const server = tokenServer()
  let now = 0
  const tokenStore = createTokenStore(server.fetchToken, () => now)
  const first = await tokenStore.get()
  now = (LIFETIME_SECONDS - 61) * 1_000
  expect(await tokenStore.get()).toBe(first)
  now = (LIFETIME_SECONDS - 59) * 1_000
  const [second, third] = await Promise.all([tokenStore.get(), tokenStore.get()])
  expect(second).not.toBe(first)
  expect(third).toBe(second)
  expect(server.calls()).toBe(2)
})

test('WEB-9 requests rejected at the same time renew the token once', async () => {
  const server = tokenServer()
  const tokenStore = createTokenStore(server.fetchToken)
  const stale = await tokenStore.get()
  const renewed = await tokenStore.refresh(stale)
  expect(await tokenStore.refresh(stale)).toBe(renewed)
  expect(server.calls()).toBe(2)
})

test('WEB-8 a token that came with the page is used until the store is cleared', async () => {
  const server = tokenServer()
  const tokenStore = createTokenStore(server.fetchToken)
  tokenStore.set('not.readable.token')
  expect(await tokenStore.get()).toBe('not.readable.token')
  tokenStore.clear()
  expect(await tokenStore.get()).not.toBe('not.readable.token')
})

test('WEB-9 a failed renewal is tried again by the next request', async () => {
  let fails = true
  const tokenStore = createTokenStore(async () => {
    if (fails) throw new Error('away')
    return 'a.b.c'
  })
  await expect(tokenStore.get()).rejects.toThrow('away')
  fails = false
  expect(await tokenStore.get()).toBe('a.b.c')
})
