/** Milliseconds before its end from which a token is renewed rather than used. */
const RENEW_EARLY_MS = 60_000
/** Lifetime assumed of a token that does not tell its own. */
const UNKNOWN_LIFETIME_MS = 2 * RENEW_EARLY_MS

export interface TokenStore {
  /** A token that still has time to live; fetched when there is none. */
  token(): Promise<string>
  /** A token other than `stale`, which the server has refused. */
  renew(stale: string): Promise<string>
  /** Take a token that came with the page. */
  adopt(token: string): void
  forget(): void
}

/**
 * Keeps the access token in memory, nowhere else, and asks for a new one at most once at a time.
 * Its life is counted from when it came, so a device with a wrong clock is served like any other.
 */
export function createTokenStore(
  fetchToken: () => Promise<string>,
  now: () => number = Date.now,
): TokenStore {
  let held: { token: string; renewAt: number } | undefined
  let request: Promise<string> | undefined

  function adopt(token: string): void {
    const lifetime = lifetimeMs(token)
    held = { token, renewAt: now() + lifetime - Math.min(RENEW_EARLY_MS, lifetime / 4) }
  }

  async function fetchOne(): Promise<string> {
    try {
      const token = await fetchToken()
      adopt(token)
      return token
    } finally {
      request = undefined
    }
  }

  const fetchOnce = (): Promise<string> => (request ??= fetchOne())

  return {
    adopt,
    token: async () => (held && now() < held.renewAt ? held.token : fetchOnce()),
    renew: async (stale) => (held && held.token !== stale ? held.token : fetchOnce()),
    forget: () => {
      held = undefined
    },
  }
}

/** Milliseconds between a JWT's `iat` and `exp`. */
function lifetimeMs(token: string): number {
  const { iat, exp } = decodeClaims(token)
  return typeof iat === 'number' && typeof exp === 'number' && exp > iat
    ? (exp - iat) * 1_000
    : UNKNOWN_LIFETIME_MS
}

/** What a JWT says, none of it when it cannot be read; its signature is the server's business. */
export function decodeClaims(token: string): Record<string, unknown> {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    return { ...(JSON.parse(atob(payload)) as object) }
  } catch {
    return {}
  }
}
