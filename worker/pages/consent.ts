import type { Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { saveConsent } from '../oauth/connected-clients.ts'
import { callOAuth } from '../oauth/call-oauth.ts'
import { describeRedirect } from '../oauth/describe-redirect.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { loadPageUser, redirectToLogin } from './page-user.ts'
import { fillSlots, rewriteHtml, type HtmlElement } from './rewrite.ts'

/** An authorization request of an OAuth client, in a query that our OAuth server has checked and signed. */
interface AuthorizationRequest {
  clientId: string
  /** The client's own choice, verified by nobody. */
  name: string | undefined
  scopes: string[]
  redirectUri: string
  query: URLSearchParams
}

/** The page that asks a user to allow an OAuth client access. It has no script, and opening it changes nothing. */
export async function consentPage(c: Context<AppEnv>): Promise<Response> {
  const signed = new URL(c.req.url).search.slice(1)
  const visitor = await loadPageUser(c)
  if (visitor === 'unknown') throw databaseUnavailable()
  c.header('Cache-Control', 'private, no-store')
  if (visitor === 'stranger') return redirectToLogin(c)
  const request = await readSignedQuery(c, signed)
  if (!request) return c.redirect(FAILED_PAGE, 302)
  const page = await c.var.assets.fetch(new Request(c.req.url))
  const html = await fillConsentPage(await page.text(), { request, signed, email: visitor.user.email })
  return c.body(html, 200, { ...Object.fromEntries(page.headers), 'Cache-Control': 'private, no-store' })
}

/** The page for a request that can neither be answered nor be sent back to its client. */
const FAILED_PAGE = '/not-connected'

/**
 * Handles the user's answer. The session is read from the database, so that one that has ended elsewhere allows nothing.
 * @throws ProblemError `forbidden` or `database-away`
 */
export async function answerConsent(c: Context<AppEnv>): Promise<Response> {
  requireOwnForm(c)
  const form = new URLSearchParams(await c.req.text())
  const visitor = await loadPageUser(c, { live: true })
  if (visitor === 'unknown') throw databaseUnavailable()
  const signed = form.get('query') ?? ''
  if (visitor === 'stranger') return c.redirect(loginBackTo(signed), 303)
  const request = await readSignedQuery(c, signed)
  if (!request) return c.redirect(FAILED_PAGE, 303)
  if (form.get('answer') !== 'allow') return c.redirect(accessDenied(c, request), 303)
  const { clientId, scopes, query } = request
  const resources = query.getAll('resource')
  await saveConsent({ database: c.var.database, userId: visitor.user.id }, { clientId, scopes, resources })
  return c.redirect(`/api/auth/oauth2/authorize?${query.toString()}`, 303)
}

/** @throws ProblemError `forbidden` for a form that another site has sent with our cookie */
export function requireOwnForm(c: Context<AppEnv>): void {
  if (c.req.header('Origin') !== c.var.settings.BETTER_AUTH_URL)
    throw new ProblemError('forbidden', 'This form was sent from another page.')
}

/** Returns undefined for a query that was altered, is older than ten minutes, or names a client that no longer exists. */
async function readSignedQuery(
  c: Context<AppEnv>,
  signed: string,
): Promise<AuthorizationRequest | undefined> {
  const query = new URLSearchParams(signed)
  const clientId = query.get('client_id') ?? ''
  const redirectUri = query.get('redirect_uri') ?? ''
  const answer = await callOAuth(
    c,
    new Request(`${c.var.settings.BETTER_AUTH_URL}/api/auth/oauth2/public-client-prelogin`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, oauth_query: signed }),
    }),
  )
  if (!answer.ok || !URL.canParse(redirectUri)) return undefined
  const { client_name } = (await answer.json()) as { client_name?: string }
  // The parts of the signature, and the wish for a consent page, which has been granted.
  for (const name of ['sig', 'exp', 'ba_iat', 'ba_pl', 'ba_param', 'prompt']) query.delete(name)
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
  return { clientId, name: client_name, scopes, redirectUri, query }
}

/** Returns the address that sends the refusal back to the client (RFC 6749 §4.1.2.1, RFC 9207). */
function accessDenied(c: Context<AppEnv>, { redirectUri, query }: AuthorizationRequest): string {
  const target = new URL(redirectUri)
  target.searchParams.set('error', 'access_denied')
  target.searchParams.set('error_description', 'The person denied access.')
  const state = query.get('state')
  if (state !== null) target.searchParams.set('state', state)
  target.searchParams.set('iss', c.var.settings.BETTER_AUTH_URL)
  return target.href
}

/** The login page that leads back to this consent page. */
const loginBackTo = (signed: string): string => `/login?next=${encodeURIComponent(`/connect?${signed}`)}`

/** The name that a client has chosen for itself, or words for none. */
export const clientName = (name: string | null | undefined): string => name || 'A program without a name'

interface ConsentPageContent {
  request: AuthorizationRequest
  /** The query as it was signed. */
  signed: string
  email: string
}

/** Fills in the request; text that the client has chosen is escaped. */
async function fillConsentPage(
  html: string,
  { request, signed, email }: ConsentPageContent,
): Promise<string> {
  const { words, source } = describeRedirect(request.redirectUri)
  const filled = await fillSlots(html, {
    'client-name': (span) => span.replace(clientName(request.name)),
    destination: (strong) => strong.setInnerContent(words),
    email: (strong) => strong.setInnerContent(email),
    scope: (item) => {
      if (!request.scopes.includes(item.getAttribute('data-scope') ?? '')) item.remove()
    },
    query: (input) => input.setAttribute('value', attributeText(signed)),
    'other-login': (link) => link.setAttribute('href', loginBackTo(signed)),
  })
  return rewriteHtml(filled, {
    'meta[http-equiv="content-security-policy"]': (meta) => allowFormTarget(meta, source),
  })
}

/** HTMLRewriter escapes the quotes of an attribute, but no ampersands, which may look like a character reference. */
const attributeText = (text: string): string => text.replaceAll('&', '&amp;')

/**
 * Adds a source to `form-action`: the answer to the form redirects to the client, and browsers apply the policy to
 * redirects of a form too.
 * @throws Error when the page's policy has no such directive
 */
function allowFormTarget(meta: HtmlElement, source: string): void {
  const directives = (meta.getAttribute('content') ?? '').split(';').map((directive) => directive.trim())
  if (!directives.some(isFormAction)) throw new Error('The policy of the page has no form-action.')
  const extended = directives.map((directive) =>
    isFormAction(directive) ? `${directive} ${source}` : directive,
  )
  meta.setAttribute('content', extended.join('; '))
}

const isFormAction = (directive: string): boolean => directive.startsWith('form-action ')
