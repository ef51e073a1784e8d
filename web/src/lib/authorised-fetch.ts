import { ApiProblem, networkProblem, readProblem, unreadableProblem } from './problem.ts'
import type { TokenStore } from './access-token.ts'

/** Milliseconds after which a call counts as lost, unless it brings its own signal; the server gives up well before. */
const CALL_TIMEOUT_MS = 20_000

type Target = string | URL | Request
type Fetch = (input: Target, init?: RequestInit) => Promise<Response>

interface AuthorisedFetchOptions {
  tokenStore: TokenStore
  fetch: Fetch
  /** Called when the user has to log in again. */
  onSignedOut: () => void
}

/**
 * Creates a `fetch` that sends the access token and renews it once when the server rejects it. It resolves with
 * successful responses only and rejects with an ApiProblem otherwise; so does `json()` of those responses.
 */
export function createAuthorisedFetch({ tokenStore, fetch, onSignedOut }: AuthorisedFetchOptions): Fetch {
  async function call(input: Target, init: RequestInit | undefined, token: string) {
    const headers = new Headers(init?.headers)
    headers.set('Authorization', `Bearer ${token}`)
    return fetchOrThrow(fetch, input, { ...init, headers })
  }

  return async (input, init) => {
    try {
      const token = await tokenStore.get()
      let response = await call(input, init, token)
      if (response.status === 401) response = await call(input, init, await tokenStore.refresh(token))
      if (!response.ok) throw await readProblem(response)
      response.json = () => readJson(response)
      return response
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) onSignedOut()
      throw error
    }
  }
}

/** Sends a request. @throws ApiProblem `network` when no response comes. */
export async function fetchOrThrow(fetch: Fetch, input: Target, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { ...init, signal: init.signal ?? AbortSignal.timeout(CALL_TIMEOUT_MS) })
  } catch (error) {
    throw networkProblem(error)
  }
}

/**
 * Reads a JSON body.
 * @throws ApiProblem `network` when the body breaks off, `unreadable` when it is not JSON.
 */
export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw networkProblem(error)
  })
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw unreadableProblem(error)
  }
}
