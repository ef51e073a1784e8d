import type { Context } from 'hono'
import { html } from 'hono/html'
import { Uuid } from '../contract/id.ts'
import type { AppEnv } from '../context.ts'
import { listConnectedClients, revokeClient, type ConnectedClient } from '../oauth/connected-clients.ts'
import { redirectTarget } from '../oauth/redirect-target.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { requireOwnForm } from './connect.ts'
import { redirectToLogin, loadPageUser } from './page-user.ts'

/** The person's agents, written into the account page; its script knows nothing of them. */
export async function withAgents(c: Context<AppEnv>, page: Response, userId: string): Promise<Response> {
  const done = c.req.query('disconnected') !== undefined
  const list =
    await html`${await listOf(c, userId)}${done && html`<output class="outcome">Disconnected.</output>`}`
  const text = await page.text()
  return new Response(
    text.replace(/(<div data-agents[^>]*>)[^]*?(?=<\/div>)/, (_, start: string) => start + list.toString()),
    page,
  )
}

async function listOf(c: Context<AppEnv>, userId: string) {
  try {
    const agents = await listConnectedClients({ database: c.var.database, userId })
    if (agents.length === 0)
      return html`<p>None yet. An agent has to ask you before it can see your tasks.</p>`
    return html`<ul class="sessions" aria-label="Connected agents">
      ${agents.map(row)}
    </ul>`
  } catch (error) {
    if (c.var.databaseUse.unavailable)
      return html`<p>Your agents could not be loaded. Reload the page in a moment.</p>`
    throw error
  }
}

const row = ({ id, name, redirectUris, scopes, since, used }: ConnectedClient) => {
  const called = name || 'A program without a name'
  return html`<li>
    <div class="min-w-0">
      <p class="font-semibold break-words">${called}</p>
      <p class="text-note text-ink-soft break-words">
        ${[...new Set(redirectUris.map((uri) => redirectTarget(uri).words))].join(', ')};
        ${scopes.includes('tasks:write') ? 'sees and changes tasks' : 'sees tasks'}; since
        ${day(since)}${used && html`, last active ${day(used)}`}
      </p>
    </div>
    <form method="post" action="/account/agents/${id}">
      <button class="link min-h-11">Disconnect<span class="sr-only"> ${called}</span></button>
    </form>
  </li>`
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })
const day = (date: Date) => html`<time datetime="${date.toISOString()}">${DAY.format(date)}</time>`

/** Disconnects an agent, by the form of its row. */
export async function disconnectAgent(c: Context<AppEnv>): Promise<Response> {
  requireOwnForm(c)
  const id = Uuid.safeParse(c.req.param('id'))
  const visitor = await loadPageUser(c, { live: true })
  if (visitor === 'unknown') throw databaseUnavailable()
  if (visitor === 'stranger') return redirectToLogin(c)
  if (!id.success) throw new ProblemError('not-found', 'You have no such agent.')
  await revokeClient({ database: c.var.database, userId: visitor.user.id }, id.data)
  return c.redirect('/account?disconnected', 303)
}
