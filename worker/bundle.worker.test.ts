import { expect, test } from 'vitest'
import { loadedWith, readRecord, weighBundle } from '../dev/bundle-record.ts'

/** The bundle that the run has made; no Worker is started here. */
const record = readRecord()
const loaded = loadedWith(record)

test.each([
  ['OAuth', ['worker/oauth/oauth.ts', 'node_modules/@better-auth/oauth-provider/']],
  ['MCP', ['worker/mcp/server.ts', 'node_modules/@modelcontextprotocol/server/']],
  ['the agents library', ['node_modules/@openai/agents-core/', 'node_modules/@openai/agents-openai/']],
  ['OpenAI’s client', ['node_modules/openai/']],
  ['the embedded model', ['worker/chat/command-model/']],
])('MCP-6 %s is no part of what a task call loads', (_, modules) => {
  const holders = modules.map((prefix) =>
    Object.keys(record.files).filter((name) =>
      record.files[name]?.modules.some((module) => module.startsWith(prefix)),
    ),
  )
  expect(holders).not.toContainEqual([])
  expect(holders.flat().filter((name) => loaded.has(name))).toEqual([])
})

test('OPS-44 the Worker weighs at most 700 KiB gz, and what a task call loads of it 300', () => {
  const { allBytes, startBytes } = weighBundle()
  expect(allBytes / 1024).toBeLessThanOrEqual(700)
  expect(startBytes / 1024).toBeLessThanOrEqual(300)
})
