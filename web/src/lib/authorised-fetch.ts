import type { TokenStore } from './access-token.ts'
import { ApiProblem, networkProblem, readProblem, unreadableProblem } from './problem.ts'

/** Milliseconds after which a call without its own signal is aborted; the server's own deadline is well below. */
const CALL_TIMEOUT_MS = 20_000

type FetchInput = string | URL | Request
type Fetch = (input: FetchInput, init?: RequestInit) => Promise<Response>

interface AuthorisedFetchOptions {
  tokenStore: TokenStore
  fetch: Fetch
  /** Called when the user has to log in again. */
  onSignedOut: () => void
}

/**
/**
 * Creates a `fetch` that sends the access token and, after a 401, repeats the call once with a new one. It resolves
 * with successful responses only.
 * @throws ApiProblem for any other response, or none; so does `json()` of the responses
 */
export function createAuthorisedFetch({ tokenStore, fetch, onSignedOut }: AuthorisedFetchOptions): Fetch {
  async function call(input: FetchInput, init: RequestInit | undefined, token: string) {
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

/**
 * Calls `fetch` with the default timeout.
 * @throws ApiProblem `network` when no response arrives
 */
export async function fetchOrThrow(fetch: Fetch, input: FetchInput, init: RequestInit): Promise<Response> {
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
