/** Milliseconds before its expiry from which a token is replaced rather than used. */
const REFRESH_EARLY_MS = 60_000
/** Lifetime assumed of a token whose claims do not tell it. */
const UNKNOWN_LIFETIME_MS = 2 * REFRESH_EARLY_MS

export interface TokenStore {
  /** Returns a token that has not expired; fetches one when there is none. */
  get(): Promise<string>
  /** Returns a token other than `stale`, which the server has rejected. */
  refresh(stale: string): Promise<string>
  /** Stores a token that came with the page. */
  set(token: string): void
  clear(): void
}

/**
 * Creates a store that holds the access token in memory and nowhere else. Concurrent calls share one request for a new
 * token. Expiry is counted from the moment a token arrives, so the device's clock need not agree with the server's.
 */
export function createTokenStore(
  fetchToken: () => Promise<string>,
  now: () => number = Date.now,
): TokenStore {
  let held: { token: string; refreshAt: number } | undefined
  let request: Promise<string> | undefined

  function set(token: string): void {
    const lifetime = lifetimeMs(token)
    held = { token, refreshAt: now() + lifetime - Math.min(REFRESH_EARLY_MS, lifetime / 4) }
  }

  async function fetchAndStore(): Promise<string> {
    try {
      const token = await fetchToken()
      set(token)
      return token
    } finally {
      request = undefined
    }
  }

  const fetchOnce = (): Promise<string> => (request ??= fetchAndStore())

  return {
    set,
    get: async () => (held && now() < held.refreshAt ? held.token : fetchOnce()),
    refresh: async (stale) => (held && held.token !== stale ? held.token : fetchOnce()),
    clear: () => {
      held = undefined
    },
  }
}

/** Returns the milliseconds between a JWT's `iat` and `exp`. */
function lifetimeMs(token: string): number {
  const { iat, exp } = decodeClaims(token)
  return typeof iat === 'number' && typeof exp === 'number' && exp > iat
    ? (exp - iat) * 1_000
    : UNKNOWN_LIFETIME_MS
}

/** Decodes a JWT's claims without verifying them, which is the server's job; an unreadable token has none. */
export function decodeClaims(token: string): Record<string, unknown> {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    return { ...(JSON.parse(atob(payload)) as object) }
  } catch {
    // Claims only save a request; the server decides about the token itself.
    return {}
  }
}
