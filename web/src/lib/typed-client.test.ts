import { expect, test } from 'vitest'
import { createClient } from './typed-client.ts'

/** What a call is turned into. */
async function requestOf(call: (client: ReturnType<typeof createClient>) => Promise<unknown>) {
  const asked: object[] = []
  const client = createClient(async (url, { method, headers, body }) => {
    asked.push({ url, method, headers, body })
    return new Response('{}')
  })
  await call(client)
  return asked
}

test('WEB-8 a call is sent to the path, with the method, parameters and query that its name and types say', async () => {
  const options = { headers: { 'If-Match': '"1"' } }
  const change = { param: { id: 'a b/c' }, json: { completed: true } }
  expect(await requestOf(({ api }) => api.tasks[':id'].complete.$patch(change, options))).toEqual([
    {
      url: '/api/tasks/a%20b%2Fc/complete',
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'If-Match': '"1"' },
      body: '{"completed":true}',
    },
  ])
  const query = { limit: '50', cursor: undefined }
  expect(await requestOf(({ api }) => api.tasks.$get({ query }))).toEqual([
    { url: '/api/tasks?limit=50', method: 'GET', headers: {}, body: undefined },
  ])
})
