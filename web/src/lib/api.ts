import { createAuthorisedFetch, fetchOrThrow, readJson } from './authorised-fetch.ts'
import { loginPath } from './login-path.ts'
import { ApiProblem, readProblem } from './problem.ts'
import { currentUserId, setCurrentUserId } from './current-user.ts'
import { decodeClaims, createTokenStore } from './access-token.ts'
import { createClient } from './typed-client.ts'

async function fetchToken(): Promise<string> {
  const response = await fetchOrThrow(fetch, '/api/auth/token', { headers: { Accept: 'application/json' } })
  if (!response.ok) throw await readProblem(response)
  const body = (await readJson(response)) as { token?: unknown }
  if (typeof body.token !== 'string')
    throw new ApiProblem({ code: 'unreadable', status: 502, title: 'No token', detail: 'Log in again.' })
  const { sub } = decodeClaims(body.token)
  if (typeof sub === 'string' && sub !== currentUserId()) await changePerson(sub)
  return body.token
}

/** Somebody else has logged in, in another tab: this page must not send one person's work as another's. */
async function changePerson(id: string): Promise<never> {
  setCurrentUserId(id)
  location.reload()
  // Nothing goes on until the page is gone.
  return new Promise(() => {})
}

/** The token of whoever is logged in on this page. */
export const tokenStore = createTokenStore(fetchToken)

/** Calls with the token of this page, for an address that the API itself has given. */
export const authorisedFetch = createAuthorisedFetch({
  tokenStore,
  fetch: (input, init) => fetch(input, init),
  // In a frame of another page of ours, it is that page which logs in.
  onSignedOut: () => top?.location.assign(loginPath(top.location)),
})

/** The API, typed from the Worker's own routes; a refused call throws an ApiProblem. */
export const api = createClient(authorisedFetch).api
