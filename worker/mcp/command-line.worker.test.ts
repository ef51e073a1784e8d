import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { signUpIn, openBrowser, startMcp } from '../../tests/support/mcp.ts'
import { newFolder } from '../../tests/support/start.ts'

const { origin, addToken } = await startMcp()
const { token } = await signUpIn(openBrowser(origin))

/** Runs a command of node_modules to its end and returns its output. */
async function run(name: string, args: string[]) {
  const cwd = newFolder()
  const env = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' }
  const execute = promisify(execFile)
  const { stdout, stderr } = await execute(`${process.cwd()}/node_modules/.bin/${name}`, args, { cwd, env })
  return stdout + stderr
}

test('MCP-1 the Inspector’s command line lists the tools and calls one', async () => {
  const cli = ['--cli', `${origin}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${token}`]
  expect(await run('mcp-inspector', [...cli, '--method', 'tools/list'])).toContain('"name": "delete_task"')
  const call = ['--method', 'tools/call', '--tool-name', 'add_task', '--tool-arg', 'title=Milk']
  expect(await run('mcp-inspector', [...cli, ...call])).toContain('"status": "created"')
})

test.for(['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'])(
  'MCP-1 the conformance scenario %s passes',
  async (scenario) => {
    addToken(token)
    const output = await run('conformance', ['server', '--url', `${origin}/mcp`, '--scenario', scenario])
    expect(output).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed/)
  },
)
