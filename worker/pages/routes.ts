import { Hono, type Context, type Next } from 'hono'
import type { JoinedRead } from '../auth/adapter.ts'
import { issueToken } from '../auth/issue-token.ts'
import type { AppEnv } from '../context.ts'
import { PAGE_DEFAULT } from '../contract/limits.ts'
import type { PageSession } from '../contract/page.ts'
import type { Database } from '../db/client.ts'
import { ProblemError } from '../problem.ts'
import { readAssets } from '../settings.ts'
import { firstPageOfSession, toFirstPage } from '../tasks/first-page.ts'
import { listTasks } from '../tasks/tasks.ts'
import { disconnectAgent, withAgents } from './connected-clients.ts'
import { answerConnect, connectPage } from './connect.ts'
import { withPageSession } from './page-session.ts'
import { clearSessionCookies, redirectToLogin, loadPageUser, type PageUser } from './page-user.ts'

/** The pages that are somebody's: strangers are sent to log in, the rest get theirs with its first data inside. */
export const pageRoutes = new Hono<AppEnv>()
  .get('/tasks', privatePage(withTasks, { beside: firstPageOfSession }))
  .get('/account', privatePage(justKnown, { write: withAgents }))
  .get(
    '/chat',
    chatKitInstead,
    privatePage(justKnown, { isOpen: (c) => c.req.query('beside') !== undefined }),
  )
  .get('/chatkit', async (c) => (c.var.settings.CHATKIT_DOMAIN_KEY ? c.redirect('/chat', 302) : nothing(c)))
  .post('/account/agents/:id', disconnectAgent)
  .get('/connect', connectPage)
  .post('/connect', answerConnect)

type Known = Pick<PageSession, 'user' | 'token'>
type Fill = (c: Context<AppEnv>, known: Known) => Promise<PageSession>
type Write = (c: Context<AppEnv>, page: Response, userId: string) => Promise<Response>

interface Ways {
  /** Changes the HTML. */
  write?: Write
  /** Whether strangers get the bare page: one that is framed by another cannot lead anybody to the login. */
  isOpen?: (c: Context<AppEnv>) => boolean
  /** Address of the page in the static site, when it is another. */
  at?: string
  /** What to read along with the session, when that is read. */
  beside?: (database: Database) => JoinedRead
}

/** A page for its visitor alone; `fill` adds the data it opens with. */
function privatePage(fill: Fill, { write, isOpen, at, beside }: Ways = {}) {
  return async (c: Context<AppEnv>) => {
    if (beside) c.set('joinedRead', beside(c.var.database))
    const visitor = await loadPageUser(c)
    c.header('Cache-Control', 'private, no-store')
    const isStranger = visitor === 'stranger'
    if (isStranger && !isOpen?.(c)) return redirectToLogin(c)
    // Without the visitor's conditional headers: a 304 has no body to write into.
    const page = await readAssets(c.env).fetch(new Request(at ? new URL(at, c.req.url) : c.req.url))
    if (isStranger || visitor === 'unknown') return withPageSession(c, page)
    const written = write ? await write(c, page, visitor.user.id) : page
    const session = await fill(c, await knownOf(c, visitor)).catch(goneOrThrow)
    if (session) return withPageSession(c, written, session)
    await clearSessionCookies(c)
    return redirectToLogin(c)
  }
}

/** The signed copy of a session in its cookie may be younger than the end of the account: that is no failure. */
function goneOrThrow(error: unknown): undefined {
  if (!(error instanceof ProblemError && error.code === 'unauthenticated')) throw error
}

async function knownOf(c: Context<AppEnv>, { user, session }: PageUser): Promise<Known> {
  const { id, name, email } = user
  return { user: { id, name, email }, token: await issueToken(c.var.settings, id, session.id) }
}

/** Who is here, and no more. */
function justKnown(_: Context<AppEnv>, known: Known): Promise<PageSession> {
  return Promise.resolve(known)
}

/** The first tasks too: they came with the session, or are what the page's one statement is for. */
async function withTasks(c: Context<AppEnv>, known: Known): Promise<PageSession> {
  const { value } = c.var.joinedRead ?? {}
  if (value !== undefined) return { ...known, tasks: toFirstPage(value) }
  const scope = { database: c.var.database, userId: known.user.id }
  try {
    return { ...known, tasks: await listTasks(scope, { limit: PAGE_DEFAULT }) }
  } catch (error) {
    if (c.var.databaseUse.unavailable) return known
    throw error
  }
}

const chatKitPage = privatePage(
  (c, known) => {
    const key = c.var.settings.CHATKIT_DOMAIN_KEY
    return Promise.resolve(key ? { ...known, chatkit_domain_key: key } : known)
  },
  { at: '/chatkit' },
)

/** OpenAI's ChatKit in the place of our own panel, when a key is set; beside the list it is ours all the same. */
async function chatKitInstead(c: Context<AppEnv>, next: Next) {
  const isInstead = c.var.settings.CHATKIT_DOMAIN_KEY !== undefined && c.req.query('beside') === undefined
  return isInstead ? chatKitPage(c) : next()
}

/** The page for an unknown address, where the static site has one that is not shown here. */
const nothing = (c: Context<AppEnv>): Promise<Response> =>
  readAssets(c.env).fetch(new Request(new URL('/chatkit/none', c.req.url)))
