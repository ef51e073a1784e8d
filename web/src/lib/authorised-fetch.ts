import { ApiProblem, networkProblem, readProblem } from './problem.ts'
import type { TokenStore } from './access-token.ts'

/** Milliseconds after which a call counts as lost, unless it brings its own signal; the server gives up well before. */
const CALL_TIMEOUT_MS = 20_000

type Target = string | URL | Request
type Fetch = (input: Target, init?: RequestInit) => Promise<Response>

interface Ways {
  tokenStore: TokenStore
  fetch: Fetch
  /** Called when the person has to log in again. */
  onSignedOut: () => void
}

/**
 * A `fetch` that carries the token, renews it once when the server refuses it, and resolves with a good
 * response only: anything else is thrown as an ApiProblem.
 */
export function createAuthorisedFetch({ tokenStore, fetch, onSignedOut }: Ways): Fetch {
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
      return response
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) onSignedOut()
      throw error
    }
  }
}

/** A request whose only way to fail is an ApiProblem that says the network is away. */
export async function fetchOrThrow(fetch: Fetch, input: Target, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { ...init, signal: init.signal ?? AbortSignal.timeout(CALL_TIMEOUT_MS) })
  } catch (error) {
    throw networkProblem(error)
  }
}
