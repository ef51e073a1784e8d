import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { authenticate } from '../auth/authenticate.ts'
import type { AppEnv } from '../context.ts'
import { resourceOf, OAUTH_SCOPES } from '../oauth/access-token.ts'
import { RESOURCE_METADATA_PATH } from '../oauth/metadata.ts'
import { ProblemError } from '../problem.ts'

/**
 * Refuses requests under another host name and from pages of origins that are not allowed, against DNS rebinding (MCP
 * 2025-11-25, Streamable HTTP, security warning).
 */
const checkHostAndOrigin = createMiddleware<AppEnv>(async function checkHostAndOrigin(c, next) {
  const { BETTER_AUTH_URL: here, ALLOWED_ORIGINS } = c.var.settings
  const { host } = new URL(c.req.url)
  const origin = c.req.header('Origin')
  if ((c.req.header('Host') ?? host) !== new URL(here).host)
    throw new ProblemError('forbidden', `The MCP server is at ${resourceOf(here)}, under no other name.`)
  if (origin !== undefined && origin !== here && !ALLOWED_ORIGINS.includes(origin))
    throw new ProblemError('forbidden', 'Pages of this origin may not use the MCP server.')
  await next()
})

/**
 * MCP over Streamable HTTP, without sessions, for OAuth clients and for a user's own token that names /mcp too. The
 * protocol's code is loaded by the first authenticated request; a refusal says where to get a token (RFC 9728 §5.1).
 */
export const mcpRoutes = new Hono<AppEnv>().use(checkHostAndOrigin).all('/', async (c) => {
  const { BETTER_AUTH_URL: origin } = c.var.settings
  const principal = await authenticate(c, {
    audience: resourceOf(origin),
    challenge: { resource_metadata: `${origin}${RESOURCE_METADATA_PATH}`, scope: OAUTH_SCOPES.join(' ') },
  })
  const { serveMcp } = await import('./server.ts')
  return serveMcp(c, principal)
})
