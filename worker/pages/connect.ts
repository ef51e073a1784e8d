import type { Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { allowAgent } from '../oauth/agents.ts'
import { askOAuth } from '../oauth/ask.ts'
import { placeOf } from '../oauth/place.ts'
import { databaseAway, ProblemError } from '../problem.ts'
import { readAssets } from '../settings.ts'
import { toLogin, visitorOf } from './visitor.ts'

/** What a program asks a person for, by a query that our OAuth server has checked and signed. */
interface Asked {
  clientId: string
  /** What the program calls itself. */
  name: string | undefined
  scopes: string[]
  redirectUri: string
  query: URLSearchParams
}

/** The page that asks a person whether a program may act for them. It has no script. */
export async function connectPage(c: Context<AppEnv>): Promise<Response> {
  c.header('Cache-Control', 'private, no-store')
  const query = new URL(c.req.url).search.slice(1)
  const failed = new URLSearchParams(query).has('error')
  const visitor = failed ? undefined : await visitorOf(c)
  if (visitor === 'stranger') return toLogin(c)
  if (visitor === 'unknown') throw databaseAway()
  const asked = visitor && (await readQuery(c, query))
  const page = await readAssets(c.env).fetch(new Request(c.req.url))
  return asked ? asking(page, asked, query, visitor.user.email) : refusing(page)
}

/** The person's answer. Their session is read from the database: one that has ended elsewhere allows nothing. */
export async function answerConnect(c: Context<AppEnv>): Promise<Response> {
  requireOwnForm(c)
  const form = new URLSearchParams(await c.req.text())
  const visitor = await visitorOf(c, { live: true })
  if (visitor === 'unknown') throw databaseAway()
  const signed = form.get('query') ?? ''
  if (visitor === 'stranger')
    return c.redirect(`/login?next=${encodeURIComponent(`/connect?${signed}`)}`, 303)
  const asked = await readQuery(c, signed)
  if (!asked) return c.redirect('/connect?error=invalid_request', 303)
  if (form.get('answer') !== 'allow') return c.redirect(refusal(c, asked), 303)
  const { clientId, scopes, query } = asked
  const resources = query.getAll('resource')
  await allowAgent({ database: c.var.database, userId: visitor.user.id }, { clientId, scopes, resources })
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
  const answer = await askOAuth(
    c,
    new Request(`${c.var.settings.BETTER_AUTH_URL}/api/auth/oauth2/public-client-prelogin`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, oauth_query: signed }),
    }),
  )
  if (!answer.ok || !URL.canParse(redirectUri)) return undefined
  const { client_name } = await answer.json<{ client_name?: string }>()
  // What the signature is made of, and the wish to be asked, which is fulfilled.
  for (const name of ['sig', 'exp', 'ba_iat', 'ba_pl', 'ba_param', 'prompt']) query.delete(name)
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
  return { clientId, name: client_name, scopes, redirectUri, query }
}

/** Back to the program, which is told no (RFC 6749 §4.1.2.1, RFC 9207). */
function refusal(c: Context<AppEnv>, { redirectUri, query }: Asked): string {
  const back = new URL(redirectUri)
  back.searchParams.set('error', 'access_denied')
  back.searchParams.set('error_description', 'The person refused.')
  const state = query.get('state')
  if (state !== null) back.searchParams.set('state', state)
  back.searchParams.set('iss', c.var.settings.BETTER_AUTH_URL)
  return back.href
}

const CSP = 'meta[http-equiv="content-security-policy"]'

function asking(page: Response, { name, scopes, redirectUri }: Asked, query: string, email: string) {
  const { words, source } = placeOf(redirectUri)
  const fill = { name: name || 'A program without a name', place: words, email }
  const rewriter = new HTMLRewriter()
    .on('[name="query"]', { element: (field) => void field.setAttribute('value', query) })
    .on('[data-other]', {
      element: (link) =>
        void link.setAttribute('href', `/login?next=${encodeURIComponent(`/connect?${query}`)}`),
    })
    .on('[data-scope]', {
      element: (line) => void (scopes.includes(line.getAttribute('data-scope') ?? '') || line.remove()),
    })
    // The answer leads on to the program, which browsers count as a target of the form.
    .on(CSP, {
      element: (meta) => {
        const policy = meta.getAttribute('content') ?? ''
        meta.setAttribute('content', policy.replace("form-action 'self'", `form-action 'self' ${source}`))
      },
    })
  for (const [slot, text] of Object.entries(fill))
    rewriter.on(`[data-fill="${slot}"]`, { element: (element) => void element.setInnerContent(text) })
  return fresh(rewriter.transform(page), 200)
}

const refusing = (page: Response) =>
  fresh(
    new HTMLRewriter()
      .on('[data-part="ask"]', { element: (part) => void part.remove() })
      .on('[data-part="failed"]', { element: (part) => void part.removeAndKeepContent() })
      .transform(page),
    400,
  )

/** The page as this visitor's alone. */
function fresh(page: Response, status: number): Response {
  const headers = new Headers(page.headers)
  for (const name of ['ETag', 'Last-Modified', 'Content-Length']) headers.delete(name)
  headers.set('Cache-Control', 'private, no-store')
  return new Response(page.body, { status, headers })
}
