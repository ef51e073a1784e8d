import { createMcpHandler, McpServer, type CallToolResult } from '@modelcontextprotocol/server'
import type { Context } from 'hono'
import type { AppEnv } from '../context.ts'
import type { Agent } from '../oauth/access-token.ts'
import { resourceOf } from '../oauth/access-token.ts'
import { tools } from '../tasks/tools.ts'

export async function serve(c: Context<AppEnv>, { userId, scopes }: Agent): Promise<Response> {
  const scope = { database: c.var.database, userId }
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'margin', version: '1' })
      for (const tool of tools)
        server.registerTool(
          tool.name,
          {
            description: tool.description,
            inputSchema: tool.input,
            outputSchema: tool.output,
            scopeChallenge: () =>
              scopes.some((s) => s === tool.scope)
                ? undefined
                : { scopes: [tool.scope], errorDescription: `This needs the scope ${tool.scope}.` },
          },
          async (args: any): Promise<CallToolResult> => {
            const out = (await tool.run(scope, args)) as any
            return { content: [{ type: 'text', text: JSON.stringify(out) }], structuredContent: out }
          },
        )
      return server
    },
    { keepAliveMs: 0 },
  )
  const resource = new URL(resourceOf(c.var.settings.BETTER_AUTH_URL))
  return handler.fetch(c.req.raw, {
    authInfo: { token: '', clientId: '', scopes: [...scopes], resource, extra: { userId } },
  })
}
