import { Hono, type Context } from 'hono'
import { issueToken } from '../auth/issue-token.ts'
import type { AppEnv } from '../context.ts'
import { PAGE_DEFAULT } from '../contract/limits.ts'
import type { PageSession } from '../contract/page.ts'
import { readAssets } from '../settings.ts'
import { listTasks } from '../tasks/tasks.ts'
import { withPageSession } from './page-session.ts'

/** The pages that are somebody's: strangers are sent to log in, the rest get theirs with its first data inside. */
export const pageRoutes = new Hono<AppEnv>().get('/tasks', guarded(withTasks)).get(
  '/account',
  guarded((_, known) => known),
)

type Known = Pick<PageSession, 'user' | 'token'>
type Fill = (c: Context<AppEnv>, known: Known) => PageSession | Promise<PageSession>

/** A page for its visitor alone; `fill` adds what it opens with. */
function guarded(fill: Fill) {
  return async (c: Context<AppEnv>) => {
    const visitor = await visitorOf(c)
    c.header('Cache-Control', 'private, no-store')
    if (visitor === 'stranger') return c.redirect(`/login?next=${encodeURIComponent(hereOf(c))}`, 302)
    // Without the visitor's conditional headers: a 304 has no body to write into.
    const page = await readAssets(c.env).fetch(new Request(c.req.url))
    return withPageSession(
      c,
      page,
      visitor === 'unknown' ? undefined : await fill(c, await knownOf(c, visitor)),
    )
  }
}

type Visitor = NonNullable<Awaited<ReturnType<AppEnv['Variables']['auth']['api']['getSession']>>>

/**
 * Who is looking: no SQL while the signed copy in the cookie is fresh, else one statement, which renews it.
 * `unknown` while the database is away: the page then opens with what the device has.
 */
async function visitorOf(c: Context<AppEnv>): Promise<Visitor | 'stranger' | 'unknown'> {
  try {
    const asked = { headers: c.req.raw.headers, returnHeaders: true } as const
    const { headers, response } = await c.var.auth.api.getSession(asked)
    for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true })
    return response ?? 'stranger'
  } catch (error) {
    if (c.var.databaseUse.away) return 'unknown'
    throw error
  }
}

async function knownOf(c: Context<AppEnv>, { user, session }: Visitor): Promise<Known> {
  const { id, name, email } = user
  return { user: { id, name, email }, token: await issueToken(c.var.settings, id, session.id) }
}

/** The first tasks too, when knowing the visitor has not cost the page's one statement yet. */
async function withTasks(c: Context<AppEnv>, known: Known): Promise<PageSession> {
  if (c.var.databaseUse.trips > 0) return known
  const scope = { database: c.var.database, userId: known.user.id }
  try {
    return { ...known, tasks: await listTasks(scope, { limit: PAGE_DEFAULT }) }
  } catch (error) {
    if (c.var.databaseUse.away) return known
    throw error
  }
}

function hereOf(c: Context) {
  const { pathname, search } = new URL(c.req.url)
  return pathname + search
}
