import { expect, test } from 'vitest'
import { connectAgent, joinIn, newAgent, openBrowser, startMcp } from '../../tests/support/mcp.ts'

const { origin, worker } = await startMcp()

test('MCP-10 an agent that knows the address finds its way in', async () => {
  const browser = openBrowser(origin)
  await joinIn(browser)
  const agent = newAgent(origin)
  worker.tap.clear()
  const client = await connectAgent(origin, browser, agent)
  console.log(worker.tap.requests.length, agent.kept.tokens, worker.tap.requests.map((r) => r.map((s) => s.slice(0, 90))))
  console.log(JSON.parse(Buffer.from(agent.kept.tokens!.access_token.split('.')[1]!, 'base64url').toString()))
  const { tools } = await client.listTools()
  console.log(tools.map((t) => t.name))
  console.log(JSON.stringify(await client.callTool({ name: 'list_tasks', arguments: {} })))
})
test('zz', () => { console.log(worker.logs().slice(0, 3000)) })
