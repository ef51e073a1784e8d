import type { PageSession } from '#contract/page.ts'
import { createTokenStore, decodeClaims } from './access-token.ts'
import { createAuthorisedFetch, fetchOrThrow, readJson } from './authorised-fetch.ts'
import { currentUserId, setCurrentUserId } from './current-user.ts'
import { loginPath } from './login-path.ts'
import { readPageSession } from './page-session.ts'
import { ApiProblem, readProblem } from './problem.ts'
import { createClient } from './typed-client.ts'

async function fetchToken(): Promise<string> {
  const response = await fetchOrThrow(fetch, '/api/auth/token', { headers: { Accept: 'application/json' } })
  if (!response.ok) throw await readProblem(response)
  const body = (await readJson(response)) as { token?: unknown }
  if (typeof body.token !== 'string')
    throw new ApiProblem({ code: 'unreadable', status: 502, title: 'No token', detail: 'Log in again.' })
  const { sub } = decodeClaims(body.token)
  if (typeof sub === 'string' && sub !== currentUserId()) await reloadAs(sub)
  return body.token
}

/** Reloads the page for a user who logged in from another tab: one user's changes must not be sent as another's. */
async function reloadAs(userId: string): Promise<never> {
  setCurrentUserId(userId)
  location.reload()
  // Never resolves, so that nothing is sent before the page unloads.
  return new Promise(() => {})
}

/** The access token of this page's user. */
export const tokenStore = createTokenStore(fetchToken)

/** Starts to use the token that came with the page and stores its user; returns both, undefined for a bare page. */
export function startSession(): PageSession | undefined {
  const session = readPageSession()
  if (!session) return undefined
  tokenStore.set(session.token)
  setCurrentUserId(session.user.id)
  return session
}

/** A `fetch` with this page's token, for URLs that the API itself has returned. */
export const authorisedFetch = createAuthorisedFetch({
  tokenStore,
  fetch: (input, init) => fetch(input, init),
  // In the assistant's frame, the page around it is the one to log in.
  onSignedOut: () => top?.location.assign(loginPath(top.location)),
})

/** The API, typed from the Worker's own routes; a failed call throws an ApiProblem. */
export const api = createClient(authorisedFetch).api
