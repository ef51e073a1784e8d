import { Hono, type Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { bearerOf, trustOf } from '../auth/require-user.ts'
import { verifyToken } from '../auth/token.ts'
import type { AppEnv } from '../context.ts'
import { resourceOf, SCOPES, verifyAccessToken, type Agent } from '../oauth/access-token.ts'
import { RESOURCE_METADATA_PATH } from '../oauth/metadata.ts'
import { ProblemError } from '../problem.ts'

/**
 * A page that was led here by a DNS name of its own sends that name as Host, and another page its Origin: neither
 * comes in (MCP, Streamable HTTP: DNS rebinding).
 */
const ownDoor = createMiddleware<AppEnv>(async function ownDoor(c, next) {
  const { BETTER_AUTH_URL: here, ALLOWED_ORIGINS } = c.var.settings
  const { host } = new URL(c.req.url)
  const origin = c.req.header('Origin')
  if ((c.req.header('Host') ?? host) !== new URL(here).host)
    throw new ProblemError('forbidden', `The MCP server is at ${resourceOf(here)}, under no other name.`)
  if (origin !== undefined && origin !== here && !ALLOWED_ORIGINS.includes(origin))
    throw new ProblemError('forbidden', 'Pages of this origin may not use the MCP server.')
  await next()
})

/** MCP by Streamable HTTP, without sessions; what speaks the protocol is loaded by the first who comes in. */
export const mcpRoutes = new Hono<AppEnv>().use(ownDoor).all('/', async (c) => {
  const agent = await agentOf(c)
  const { serve } = await import('./server.ts')
  return serve(c, agent)
})

/**
 * Who is calling: an agent with a token of its own, or a person with theirs for the API, which names /mcp too.
 * @throws ProblemError `unauthenticated`, which tells where a token is to be had (RFC 9728 §5.1)
 */
async function agentOf(c: Context<AppEnv>): Promise<Agent> {
  const { settings } = c.var
  const header = c.req.header('Authorization')
  if (!header)
    throw unauthenticated(settings.BETTER_AUTH_URL, 'Send a token: `Authorization: Bearer <token>`.')
  const trust = { ...trustOf(settings), now: Date.now() }
  const token = bearerOf(header) ?? ''
  const agent = await verifyAccessToken(token, settings.BETTER_AUTH_URL, trust)
  c.set('authMs', Date.now() - trust.now)
  if (!('rejected' in agent)) return agent
  const person = await verifyToken(token, { ...trust, audience: resourceOf(settings.BETTER_AUTH_URL) })
  if ('userId' in person) return { userId: person.userId, scopes: SCOPES }
  const expired = [agent.rejected, person.rejected].includes('expired')
  throw unauthenticated(
    settings.BETTER_AUTH_URL,
    expired ? 'This token has expired.' : 'This token is not valid here.',
    'invalid_token',
  )
}

/** The refusal of a caller who is not known; without a token there is no error to name (RFC 6750 §3). */
function unauthenticated(origin: string, detail: string, error?: string): ProblemError {
  const challenge = [
    'Bearer realm="margin"',
    error && `error="${error}"`,
    `resource_metadata="${origin}${RESOURCE_METADATA_PATH}"`,
    `scope="${SCOPES.join(' ')}"`,
  ]
  return new ProblemError('unauthenticated', detail, {
    headers: { 'WWW-Authenticate': challenge.filter(Boolean).join(', ') },
  })
}
