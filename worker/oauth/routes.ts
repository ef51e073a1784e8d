import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { isStorableRequest, NOT_STORABLE } from '../auth/storable.ts'
import type { AppEnv } from '../context.ts'
import { oauthError } from '../problem.ts'
import { jsonBody } from '../validate.ts'
import { resourceOf } from './access-token.ts'
import { callOAuth } from './call-oauth.ts'
import { RESOURCE_METADATA_PATH, resourceMetadata, serverMetadata } from './metadata.ts'
import { countRegistration, toClientMetadata } from './register.ts'

/** OAuth 2.1 for /mcp: the endpoints of Better Auth that are used. */
export const oauthRoutes = new Hono<AppEnv>()
  .get('/authorize', authorize)
  .post('/register', jsonBody, async (c) => {
    await countRegistration(c.var, c.req.header('CF-Connecting-IP'))
    return callOAuth(
      c,
      forwardBody(c, JSON.stringify(toClientMetadata(await c.req.json())), 'application/json'),
    )
  })
  .post('/token', (c) => callOAuth(c, c.req.raw))
  .post('/revoke', revoke)

/** Discovery: public metadata, open to every origin. */
export const wellKnownRoutes = new Hono<AppEnv>()
  .use('/.well-known/*', cors({ origin: '*', allowMethods: ['GET'] }), async (c, next) => {
    await next()
    c.header('Cache-Control', 'public, max-age=300')
  })
  .on('GET', [RESOURCE_METADATA_PATH, '/.well-known/oauth-protected-resource'], (c) =>
    c.json(resourceMetadata(c.var.settings.BETTER_AUTH_URL)),
  )
  .get('/.well-known/oauth-authorization-server', (c) =>
    c.json(serverMetadata(c.var.settings.BETTER_AUTH_URL)),
  )

/**
 * Handles an authorization request (RFC 6749 §4.1.1). Better Auth validates it and redirects the browser to the consent
 * page, or back to the client with a code. Its redirect to the login is replaced by one to our login page, whose
 * `?next=` leads back here.
 */
async function authorize(c: Context<AppEnv>): Promise<Response> {
  const { BETTER_AUTH_URL: origin } = c.var.settings
  const { pathname, searchParams: query } = new URL(c.req.url)
  // Clients older than RFC 8707 name no resource; there is only one.
  if (!query.has('resource')) query.set('resource', resourceOf(origin))
  const headers = { Cookie: c.req.header('Cookie') ?? '' }
  const answer = await callOAuth(c, new Request(`${origin}${pathname}?${query.toString()}`, { headers }))
  // A browser is at this address, so that a refusal is a page.
  if (answer.status === 400) return c.redirect(`${origin}/not-connected?error=invalid_request`, 302)
  if (!answer.headers.get('Location')?.startsWith('/login?')) return answer
  // Both ask for a fresh login, which follows now.
  query.delete('max_age')
  const prompts = query
    .get('prompt')
    ?.split(' ')
    .filter((prompt) => prompt !== 'login' && prompt !== 'create')
  if (prompts?.length) query.set('prompt', prompts.join(' '))
  else query.delete('prompt')
  const back = `${pathname}?${query.toString()}`
  return c.redirect(`/login?next=${encodeURIComponent(back)}`, 302)
}

/** Revokes a refresh token (RFC 7009). Access tokens are not stored and expire by themselves. */
async function revoke(c: Context<AppEnv>): Promise<Response> {
  if (!(await isStorableRequest(c.req.raw))) return oauthError(c, 'invalid_request', NOT_STORABLE)
  const form = new URLSearchParams(await c.req.text())
  if (form.get('token')?.includes('.'))
    return oauthError(c, 'unsupported_token_type', 'An access token ends by itself within 5 minutes.')
  form.set('token_type_hint', 'refresh_token')
  const answer = await callOAuth(c, forwardBody(c, form.toString(), 'application/x-www-form-urlencoded'))
  // An unknown token counts as revoked (RFC 7009 §2.2).
  const { error } =
    ((await answer
      .clone()
      .json()
      .catch(() => ({}))) as { error?: string } | null) ?? {}
  return answer.ok || error === 'invalid_request' ? c.json({}, 200) : answer
}

/** Returns a POST to the same path with another body, and of the headers only the credentials of the client. */
function forwardBody(c: Context<AppEnv>, body: string, type: string): Request {
  const authorization = type === 'application/json' ? undefined : c.req.header('Authorization')
  const headers = { 'Content-Type': type, ...(authorization && { Authorization: authorization }) }
  return new Request(c.var.settings.BETTER_AUTH_URL + c.req.path, { method: 'POST', headers, body })
}
