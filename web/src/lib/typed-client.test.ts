import { expect, test } from 'vitest'
import { createClient } from './typed-client.ts'

/** Returns the requests that `call` sends. */
async function requestsOf(call: (client: ReturnType<typeof createClient>) => Promise<unknown>) {
  const requests: object[] = []
  const client = createClient(async (url, { method, headers, body }) => {
    requests.push({ url, method, headers, body })
    return new Response('{}')
  })
  await call(client)
  return requests
}

test('WEB-8 a call sends the method, path, parameters, query and body of its route', async () => {
  const options = { headers: { 'If-Match': '"1"' } }
  const change = { param: { id: 'a b/c' }, json: { completed: true } }
  expect(await requestsOf(({ api }) => api.tasks[':id'].complete.$patch(change, options))).toEqual([
    {
      url: '/api/tasks/a%20b%2Fc/complete',
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'If-Match': '"1"' },
      body: '{"completed":true}',
    },
  ])
  const query = { limit: '50', cursor: undefined }
  expect(await requestsOf(({ api }) => api.tasks.$get({ query }))).toEqual([
    { url: '/api/tasks?limit=50', method: 'GET', headers: {}, body: undefined },
  ])
})
