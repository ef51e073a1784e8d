import { expect, test } from 'vitest'
import { createAuthorisedFetch } from './authorised-fetch.ts'
import { createTokenStore } from './access-token.ts'

/** An API that accepts only the token `good`, and a server that issues the tokens of `minted` in order. */
function createTestFetch({ good, minted }: { good: string; minted: string[] }) {
  const seen: string[] = []
  let signedOut = 0
  const fetch = createAuthorisedFetch({
    tokenStore: createTokenStore(async () => minted.shift() ?? 'none'),
    fetch: async (_input, init) => {
      const header = new Headers(init?.headers).get('Authorization') ?? ''
      seen.push(typeof init?.body === 'string' ? `${header} ${init.body}` : header)
      return header === `Bearer ${good}`
        ? Response.json({ ok: true })
        : Response.json({ code: 'unauthenticated', detail: 'Log in first.' }, { status: 401 })
    },
    onSignedOut: () => {
      signedOut += 1
    },
  })
  return { fetch, seen, signedOut: () => signedOut }
}

test('WEB-8 every request sends the token', async () => {
  const { fetch, seen } = createTestFetch({ good: 'one', minted: ['one'] })
  await fetch('/api/tasks')
  await fetch('/api/tasks', { method: 'POST', body: '{}' })
  expect(seen).toEqual(['Bearer one', 'Bearer one {}'])
})

test('WEB-10 a rejected token is renewed and the request repeated once', async () => {
  const { fetch, seen, signedOut } = createTestFetch({ good: 'two', minted: ['one', 'two'] })
  const response = await fetch('/api/tasks', { method: 'POST', body: '{}' })
  expect(await response.json()).toEqual({ ok: true })
  expect(seen).toEqual(['Bearer one {}', 'Bearer two {}'])
  expect(signedOut()).toBe(0)
})

test('WEB-10 when the new token is rejected too, the user has to log in', async () => {
  const { fetch, seen, signedOut } = createTestFetch({ good: 'three', minted: ['one', 'two', 'three'] })
  await expect(fetch('/api/tasks')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' })
  expect(seen).toHaveLength(2)
  expect(signedOut()).toBe(1)
})

test('WEB-11 a request without a response fails with “No connection”', async () => {
  const fetch = createAuthorisedFetch({
    tokenStore: createTokenStore(async () => 'a.b.c'),
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    onSignedOut: () => expect.unreachable(),
  })
  await expect(fetch('/api/tasks')).rejects.toMatchObject({
    code: 'network',
    status: 0,
    title: 'No connection',
  })
})

/** An authorised fetch whose server answers with `response`. */
const answering = (response: Response) =>
  createAuthorisedFetch({
    tokenStore: createTokenStore(async () => 'a.b.c'),
    fetch: async () => response,
    onSignedOut: () => expect.unreachable(),
  })

test('WEB-101 an answer that is not JSON is a fault of the server, not of the page or the network', async () => {
  for (const body of ['{"tasks":[{"id":"01', '<!doctype html><title>Hotel Wi-Fi</title>', '']) {
    const fetch = answering(new Response(body))
    const response = await fetch('/api/tasks')
    await expect(response.json()).rejects.toMatchObject({ code: 'unreadable', status: 502 })
  }
})

test('WEB-101 an answer that breaks off on the way is a failure of the network', async () => {
  const cut = new ReadableStream({
    pull: (controller) => controller.error(new TypeError('network error')),
  })
  const fetch = answering(new Response(cut))
  const response = await fetch('/api/tasks')
  await expect(response.json()).rejects.toMatchObject({ code: 'network', status: 0 })
})
