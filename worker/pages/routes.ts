import { Hono, type Context, type Next } from 'hono'
import { issueToken } from '../auth/issue-token.ts'
import type { JoinedRead } from '../auth/joined-read.ts'
import type { AppEnv } from '../context.ts'
import { PAGE_DEFAULT } from '../contract/limits.ts'
import { PAGE_SESSION_ELEMENT, type PageSession } from '../contract/page.ts'
import type { Database } from '../db/client.ts'
import { ProblemError } from '../problem.ts'
import { firstPageOfSession, toFirstPage } from '../tasks/first-page.ts'
import { listTasks } from '../tasks/tasks.ts'
import { disconnectClient, fillConnectedClients } from './connected-clients.ts'
import { answerConsent, consentPage } from './consent.ts'
import { clearSessionCookies, loadPageUser, redirectToLogin, type PageUser } from './page-user.ts'
import { rewriteHtml } from './rewrite.ts'

/** The pages of a logged-in user: strangers are sent to log in, users get the page with its first data in it. */
export const pageRoutes = new Hono<AppEnv>()
  .get('/tasks', privatePage(loadFirstTasks, { joinedRead: firstPageOfSession }))
  .get('/account', privatePage(loadNothing, { transformHtml: fillConnectedClients }))
  .get(
    '/chat',
    serveChatKit,
    privatePage(loadNothing, { isOpen: (c) => c.req.query('beside') !== undefined }),
  )
  .get('/chatkit', async (c) =>
    c.var.settings.CHATKIT_DOMAIN_KEY ? c.redirect('/chat', 302) : notFoundPage(c),
  )
  .post('/account/agents/:id', disconnectClient)
  .get('/connect', consentPage)
  .post('/connect', answerConsent)

/** What every private page opens with. */
type BaseSession = Pick<PageSession, 'user' | 'token'>
type LoadSession = (c: Context<AppEnv>, base: BaseSession) => Promise<PageSession>
type TransformHtml = (c: Context<AppEnv>, html: string, userId: string) => Promise<string>

interface PrivatePageOptions {
  transformHtml?: TransformHtml
  /** Whether strangers get the bare page: a framed one cannot lead anybody to the login. */
  isOpen?: (c: Context<AppEnv>) => boolean
  /** Path of the page in the static site, when it differs from that of the request. */
  assetPath?: string
  /** What to read in the statement of the session. */
  joinedRead?: (database: Database) => JoinedRead
}

/** Returns the handler of a page for its visitor alone; `loadSession` adds the data that the page opens with. */
function privatePage(loadSession: LoadSession, options: PrivatePageOptions = {}) {
  const { transformHtml, isOpen, assetPath, joinedRead } = options
  return async (c: Context<AppEnv>) => {
    if (joinedRead) c.set('joinedRead', joinedRead(c.var.database))
    const visitor = await loadPageUser(c)
    c.header('Cache-Control', 'private, no-store')
    const isStranger = visitor === 'stranger'
    if (isStranger && !isOpen?.(c)) return redirectToLogin(c)
    // Without the visitor's conditional headers: a 304 has no body to write into.
    const page = await c.var.assets.fetch(new Request(assetPath ? new URL(assetPath, c.req.url) : c.req.url))
    const html = await page.text()
    if (isStranger || visitor === 'unknown') return sendPage(c, page, html)
    const transformed = transformHtml ? await transformHtml(c, html, visitor.user.id) : html
    const session = await loadSession(c, await baseSession(c, visitor)).catch(undefinedIfUnauthenticated)
    if (session) return sendPage(c, page, await insertSession(transformed, session))
    await clearSessionCookies(c)
    return redirectToLogin(c)
  }
}

/** Sends a page that was written for its visitor, under the headers of the static one that still hold. */
function sendPage(c: Context<AppEnv>, page: Response, html: string): Response {
  const headers = [...page.headers].filter(
    ([name]) => !['etag', 'last-modified', 'content-length'].includes(name),
  )
  return c.body(html, 200, { ...Object.fromEntries(headers), 'Cache-Control': 'private, no-store' })
}

/** Inserts the session into the head, as JSON that no HTML parser can take for markup. */
function insertSession(html: string, session: PageSession): Promise<string> {
  const json = JSON.stringify(session).replaceAll('<', String.raw`\u003c`)
  const script = `<script type="application/json" id="${PAGE_SESSION_ELEMENT}">${json}</script>`
  return rewriteHtml(html, { head: (head) => head.append(script, { html: true }) })
}

/** The account may have been deleted while the signed copy of its session in the cookie is still fresh. */
function undefinedIfUnauthenticated(error: unknown): undefined {
  if (!(error instanceof ProblemError && error.code === 'unauthenticated')) throw error
}

async function baseSession(c: Context<AppEnv>, { user, session }: PageUser): Promise<BaseSession> {
  const { id, name, email } = user
  return { user: { id, name, email }, token: await issueToken(c.var.settings, id, session.id) }
}

function loadNothing(_: Context<AppEnv>, base: BaseSession): Promise<PageSession> {
  return Promise.resolve(base)
}

/** Adds the first tasks, which were read with the session or are read now. */
async function loadFirstTasks(c: Context<AppEnv>, base: BaseSession): Promise<PageSession> {
  const { value } = c.var.joinedRead ?? {}
  if (value !== undefined) return { ...base, tasks: toFirstPage(value) }
  const scope = { database: c.var.database, userId: base.user.id }
  try {
    return { ...base, tasks: await listTasks(scope, { limit: PAGE_DEFAULT }) }
  } catch (error) {
    if (c.var.databaseUse.unavailable) return base
    throw error
  }
}

const chatKitPage = privatePage(
  (c, base) => {
    const key = c.var.settings.CHATKIT_DOMAIN_KEY
    return Promise.resolve(key ? { ...base, chatkit_domain_key: key } : base)
  },
  { assetPath: '/chatkit' },
)

/** Serves OpenAI's ChatKit instead of our own panel when a key is set; the frame beside the list is always our own. */
async function serveChatKit(c: Context<AppEnv>, next: Next) {
  const isInstead = c.var.settings.CHATKIT_DOMAIN_KEY !== undefined && c.req.query('beside') === undefined
  return isInstead ? chatKitPage(c) : next()
}

/** The page for an unknown address, for one that the static site has and that is not served. */
const notFoundPage = (c: Context<AppEnv>): Promise<Response> =>
  c.var.assets.fetch(new Request(new URL('/chatkit/none', c.req.url)))
