import type { Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { saveConsent } from '../oauth/connected-clients.ts'
import { callOAuth } from '../oauth/call-oauth.ts'
import { redirectTarget } from '../oauth/redirect-target.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { readAssets } from '../settings.ts'
import { redirectToLogin, loadPageUser } from './page-user.ts'

/** What a program asks a person for, by a query that our OAuth server has checked and signed. */
interface Asked {
  clientId: string
  /** What the program calls itself. */
  name: string | undefined
  scopes: string[]
  redirectUri: string
  query: URLSearchParams
}

/** The page that asks a person whether a program may act for them. It has no script, and asking changes nothing. */
export async function connectPage(c: Context<AppEnv>): Promise<Response> {
  const signed = new URL(c.req.url).search.slice(1)
  const visitor = await loadPageUser(c)
  if (visitor === 'unknown') throw databaseUnavailable()
  c.header('Cache-Control', 'private, no-store')
  if (visitor === 'stranger') return redirectToLogin(c)
  const asked = await readQuery(c, signed)
  if (!asked) return c.redirect(FAILED, 302)
  const page = await readAssets(c.env).fetch(new Request(c.req.url))
  return c.body(asking(await page.text(), asked, signed, visitor.user.email), 200, {
    ...Object.fromEntries(page.headers),
    'Cache-Control': 'private, no-store',
  })
}

/** The page for a request that cannot be answered, nor be sent back to anybody. */
const FAILED = '/not-connected'

/** The person's answer. Their session is read from the database: one that has ended elsewhere allows nothing. */
export async function answerConnect(c: Context<AppEnv>): Promise<Response> {
  requireOwnForm(c)
  const form = new URLSearchParams(await c.req.text())
  const visitor = await loadPageUser(c, { live: true })
  if (visitor === 'unknown') throw databaseUnavailable()
  const signed = form.get('query') ?? ''
  if (visitor === 'stranger')
    return c.redirect(`/login?next=${encodeURIComponent(`/connect?${signed}`)}`, 303)
  const asked = await readQuery(c, signed)
  if (!asked) return c.redirect(FAILED, 303)
  if (form.get('answer') !== 'allow') return c.redirect(refusal(c, asked), 303)
  const { clientId, scopes, query } = asked
  const resources = query.getAll('resource')
  await saveConsent({ database: c.var.database, userId: visitor.user.id }, { clientId, scopes, resources })
  return c.redirect(`/api/auth/oauth2/authorize?${query.toString()}`, 303)
}

/** @throws ProblemError `forbidden` for a form that another site has sent with our cookie */
export function requireOwnForm(c: Context<AppEnv>): void {
  if (c.req.header('Origin') !== c.var.settings.BETTER_AUTH_URL)
    throw new ProblemError('forbidden', 'This form was sent from another page.')
}

/** Undefined for a query that was changed, is older than ten minutes, or names a program that is not there any more. */
async function readQuery(c: Context<AppEnv>, signed: string): Promise<Asked | undefined> {
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
  // What the signature is made of, and the wish to be asked, which is fulfilled.
  for (const name of ['sig', 'exp', 'ba_iat', 'ba_pl', 'ba_param', 'prompt']) query.delete(name)
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
  return { clientId, name: client_name, scopes, redirectUri, query }
}

/** Back to the program, which is told no (RFC 6749 §4.1.2.1, RFC 9207). */
function refusal(c: Context<AppEnv>, { redirectUri, query }: Asked): string {
  const back = new URL(redirectUri)
  back.searchParams.set('error', 'access_denied')
  back.searchParams.set('error_description', 'The person denied access.')
  const state = query.get('state')
  if (state !== null) back.searchParams.set('state', state)
  back.searchParams.set('iss', c.var.settings.BETTER_AUTH_URL)
  return back.href
}

/** The page of the site with what is asked in it, and nothing but text where a program has chosen the words. */
function asking(html: string, { name, scopes, redirectUri }: Asked, signed: string, email: string): string {
  const { words, source } = redirectTarget(redirectUri)
  const slots: Record<string, string> = {
    name: name || 'A program without a name',
    place: words,
    email,
    query: signed,
    other: `/login?next=${encodeURIComponent(`/connect?${signed}`)}`,
  }
  return (
    html
      .replace(/<li data-scope="([^"]+)"[^]*?<\/li>/g, (line, scope: string) =>
        scopes.includes(scope) ? line : '',
      )
      // The answer leads on to the program, which browsers count among the targets of the form.
      .replace("form-action 'self'", () => `form-action 'self' ${source}`)
      .replace(/\{\{(\w+)\}\}/g, (_, slot: string) => escaped(slots[slot] ?? ''))
  )
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
