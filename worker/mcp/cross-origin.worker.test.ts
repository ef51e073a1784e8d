import { expect, test } from 'vitest'
import { connectClient, signUpIn, newOAuthClient, openBrowser, startMcp } from '../../tests/support/mcp.ts'
import { pageFetch } from '../../tests/support/page-fetch.ts'

const PAGE = 'https://inspector.example'
const { origin } = await startMcp({ ALLOWED_ORIGINS: PAGE })

test('MCP-7 an OAuth client that is a page of an allowed origin connects and calls the tools', async () => {
  const browser = openBrowser(origin)
  await signUpIn(browser)
  const client = await connectClient(browser, newOAuthClient(origin, {}, pageFetch(PAGE)))
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
  const added = await client.callTool({ name: 'add_task', arguments: { title: 'Milk' } })
  expect(added.structuredContent).toMatchObject({ status: 'created', task: { title: 'Milk' } })
})

test('MCP-7 a page of another origin may only read the metadata', async () => {
  const send = pageFetch('https://evil.example')
  const headers = { 'Content-Type': 'application/json', 'Mcp-Protocol-Version': '2026-07-28' }
  for (const path of ['/mcp', '/api/auth/oauth2/register'])
    await expect(send(origin + path, { method: 'POST', body: '{}', headers })).rejects.toThrow('CORS')
  await expect(send(`${origin}/api/auth/oauth2/token`, { method: 'POST' })).rejects.toThrow('CORS')
  const metadata = await send(`${origin}/.well-known/oauth-authorization-server`, { headers })
  expect(await metadata.json()).toMatchObject({ issuer: origin })
})

test.each(['Mcp-Protocol-Version', 'Mcp-Method', 'Mcp-Name', 'Mcp-Session-Id', 'Last-Event-ID'])(
  'MCP-7 a page of an allowed origin may send %s',
  async (name) => {
    const response = await fetch(`${origin}/mcp`, {
      method: 'OPTIONS',
      headers: {
        Origin: PAGE,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': `authorization,content-type,${name.toLowerCase()}`,
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Headers')).toContain(name)
  },
)
