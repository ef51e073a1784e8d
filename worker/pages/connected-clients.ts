import type { Context } from 'hono'
import { Uuid } from '../contract/id.ts'
import type { AppEnv } from '../context.ts'
import { listConnectedClients, revokeClient, type ConnectedClient } from '../oauth/connected-clients.ts'
import { describeRedirect } from '../oauth/describe-redirect.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { clientName, requireOwnForm } from './consent.ts'
import { loadPageUser, redirectToLogin } from './page-user.ts'
import { fillSlots, repeatTemplate, showIf, type ElementHandler, type HtmlElement } from './rewrite.ts'

/** Fills in the user's connected OAuth clients, which the account page calls agents and its script knows nothing of. */
export async function fillConnectedClients(
  c: Context<AppEnv>,
  html: string,
  userId: string,
): Promise<string> {
  const clients = await loadClients(c, userId)
  const rows = await repeatTemplate(html, 'agent-row', clients?.length ?? 0)
  return fillSlots(rows, {
    'agents-unavailable': showIf(clients === undefined),
    'no-agents': showIf(clients?.length === 0),
    agents: showIf(clients !== undefined && clients.length > 0),
    disconnected: showIf(c.req.query('disconnected') !== undefined),
    ...(clients?.length && rowSlots(clients)),
  })
}

/** Returns undefined while the database is unavailable: the rest of the page works without it. */
async function loadClients(c: Context<AppEnv>, userId: string): Promise<ConnectedClient[] | undefined> {
  try {
    return await listConnectedClients({ database: c.var.database, userId })
  } catch (error) {
    if (c.var.databaseUse.unavailable) return undefined
    throw error
  }
}

/** The slots of the rows, which are in the order of the clients. */
function rowSlots(clients: ConnectedClient[]): Record<string, ElementHandler> {
  const each = (fill: (element: HtmlElement, client: ConnectedClient) => void): ElementHandler => {
    const rest = [...clients]
    return (element) => {
      const client = rest.shift()
      if (client) fill(element, client)
    }
  }
  const canWrite = ({ scopes }: ConnectedClient) => scopes.includes('tasks:write')
  return {
    'agent-name': each((element, { name }) => element.setInnerContent(clientName(name))),
    'agent-destinations': each((element, { redirectUris }) =>
      element.replace([...new Set(redirectUris.map((uri) => describeRedirect(uri).words))].join(', ')),
    ),
    'agent-writes': each((element, client) => showIf(canWrite(client))(element)),
    'agent-reads': each((element, client) => showIf(!canWrite(client))(element)),
    'agent-connected': each((element, { connectedAt }) => setDate(element, connectedAt)),
    'agent-used': each((element, { lastUsedAt }) => showIf(lastUsedAt !== null)(element)),
    'agent-used-date': each((element, { lastUsedAt }) => lastUsedAt && setDate(element, lastUsedAt)),
    'agent-disconnect': each((form, { id }) => form.setAttribute('action', `/account/agents/${id}`)),
    'agent-label': each((element, { name }) => element.setInnerContent(` ${clientName(name)}`)),
  }
}

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

/** Sets the date of a `<time>`. */
function setDate(time: HtmlElement, date: Date): void {
  time.setAttribute('datetime', date.toISOString()).setInnerContent(DATE.format(date))
}

/**
 * Handles the form of a row, which disconnects its client.
 * @throws ProblemError `forbidden`, `not-found` or `database-away`
 */
export async function disconnectClient(c: Context<AppEnv>): Promise<Response> {
  requireOwnForm(c)
  const id = Uuid.safeParse(c.req.param('id'))
  const visitor = await loadPageUser(c, { live: true })
  if (visitor === 'unknown') throw databaseUnavailable()
  if (visitor === 'stranger') return redirectToLogin(c)
  if (!id.success) throw new ProblemError('not-found', 'You have no such agent.')
  await revokeClient({ database: c.var.database, userId: visitor.user.id }, id.data)
  return c.redirect('/account?disconnected', 303)
}
