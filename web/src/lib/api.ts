import { hc } from 'hono/client'
import type { Api } from '../../../worker/app.ts'
import { createAuthorisedFetch, reach } from './authorised-fetch.ts'
import { loginPath } from './login-path.ts'
import { ApiProblem, problemOf } from './problem.ts'
import { createSession } from './session.ts'

async function fetchToken(): Promise<string> {
  const response = await reach(fetch, '/api/auth/token', { headers: { Accept: 'application/json' } })
  if (!response.ok) throw await problemOf(response)
  const body = (await response.json()) as { token?: unknown }
  if (typeof body.token !== 'string')
    throw new ApiProblem({ code: 'unreadable', status: 502, title: 'No token', detail: 'Log in again.' })
  return body.token
}

/** The token of whoever is logged in on this page. */
export const session = createSession(fetchToken)

/** The API, typed from the Worker's own routes; a refused call throws an ApiProblem. */
export const api = hc<Api>('/', {
  fetch: createAuthorisedFetch({
    session,
    fetch: (input, init) => fetch(input, init),
    onSignedOut: () => location.assign(loginPath(location)),
  }),
}).api

/** End the session here and on the server, and leave. */
export async function logOut(): Promise<void> {
  const response = await reach(fetch, '/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!response.ok && response.status !== 401) throw await problemOf(response)
  session.forget()
  location.assign('/')
}
