import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, test } from 'vitest'
import { signUpIn, openBrowser, startMcp } from '../../tests/support/mcp.ts'
import { tools as described } from '../tasks/tools.ts'

const { origin, worker } = await startMcp()
const address = new URL('/mcp', origin)

const withToken = (token: string) => ({ requestInit: { headers: { Authorization: `Bearer ${token}` } } })

/** Connects the current official client with a user's own token. */
async function connect(token: string, mode: 'auto' | 'legacy' = 'auto') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(address, withToken(token)))
  return client
}

const textOf = (result: { content?: unknown }) =>
  ((result.content ?? []) as { text: string }[]).map(({ text }) => text).join('\n')

test.for(['auto', 'legacy'] as const)('MCP-1 the official client v2 works, negotiating %s', async (mode) => {
  const { token } = await signUpIn(openBrowser(origin))
  const client = await connect(token, mode)
  expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'auto' ? '2026-07-28' : '2025-11-25')
  const added = await client.callTool({ name: 'add_task', arguments: { title: 'Milk' } })
  expect(added.structuredContent).toMatchObject({ status: 'created', task: { title: 'Milk' } })
  expect(JSON.parse(textOf(added))).toEqual(added.structuredContent)
  const listed = await client.callTool({ name: 'list_tasks', arguments: {} })
  expect(listed.structuredContent).toMatchObject({ tasks: [{ title: 'Milk', completed: false }] })
})

test('MCP-1 the official client v1 works', async () => {
  const { token } = await signUpIn(openBrowser(origin))
  const client = new ClientV1({ name: 'test', version: '1' })
  // Its types predate exactOptionalPropertyTypes.
  await client.connect(new TransportV1(address, withToken(token)) as never)
  expect((await client.listTools()).tools).toHaveLength(described.length)
  const added = await client.callTool({ name: 'add_task', arguments: { title: 'Milk' } })
  expect(added.structuredContent).toMatchObject({ status: 'created' })
})

test('MCP-10 each tool is described, with schemas and hints', async () => {
  const { token } = await signUpIn(openBrowser(origin))
  const { tools } = await (await connect(token)).listTools()
  expect(tools.map(({ name }) => name)).toEqual(described.map(({ name }) => name))
  for (const { inputSchema, outputSchema, description } of tools) {
    expect({ inputSchema, outputSchema }).toMatchObject({
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
    })
    expect(description).not.toBe('')
  }
  const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]))
  expect(hints).toMatchObject({
    list_tasks: { readOnlyHint: true },
    add_task: { readOnlyHint: false, destructiveHint: false },
    delete_task: { readOnlyHint: false, destructiveHint: true },
  })
})

test('MCP-11 a model reads the list of tools in less than 2,000 tokens', async () => {
  const { token } = await signUpIn(openBrowser(origin))
  const { tools } = await (await connect(token)).listTools()
  const tokens = JSON.stringify(tools).length / 4
  expect(tokens).toBeGreaterThan(300)
  expect(tokens).toBeLessThan(2_000)
})

test('MCP-13 a call costs the one statement of its verb', async () => {
  const { token } = await signUpIn(openBrowser(origin))
  const client = await connect(token)
  for (const [name, args] of [
    ['add_task', { title: 'Milk' }],
    ['list_tasks', {}],
    ['complete_task', { task: 'milk' }],
  ] as const) {
    worker.tap.clear()
    const { isError } = await client.callTool({ name, arguments: args })
    expect({
      name,
      isError: isError ?? false,
      statements: worker.tap.requests.map((texts) => texts.length),
    }).toEqual({
      name,
      isError: false,
      statements: [1],
    })
  }
})

test('MCP-14 a call that cannot be done is an error of the tool that a model can act on', async () => {
  const [ann, bob] = await Promise.all([signUpIn(openBrowser(origin)), signUpIn(openBrowser(origin))])
  const [hers, his] = await Promise.all([connect(ann.token), connect(bob.token)])
  const added = await hers.callTool({ name: 'add_task', arguments: { title: 'Milk' } })
  const { id } = (added.structuredContent as { task: { id: string } }).task
  for (const [client, name, args, words] of [
    [hers, 'add_task', { title: '' }, /The title must not be empty/],
    [hers, 'add_task', {}, /title/],
    [hers, 'list_tasks', { limit: 'many' }, /whole number/],
    [hers, 'complete_task', { task: 'bread' }, /no such task/i],
    [his, 'delete_task', { task: id, user_id: ann.id }, /no such task/i],
  ] as const) {
    const result = await client.callTool({ name, arguments: args })
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(words)
    expect(textOf(result)).not.toMatch(/ZodError|"issues"|\bselect\b/)
  }
  expect((await hers.callTool({ name: 'list_tasks', arguments: {} })).structuredContent).toMatchObject({
    tasks: [{ id }],
  })
})

test('MCP-1 there are no sessions to end and no streams to open', async () => {
  const { token } = await signUpIn(openBrowser(origin))
  for (const method of ['GET', 'DELETE']) {
    const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' }
    expect((await fetch(address, { method, headers })).status).toBe(405)
  }
})
