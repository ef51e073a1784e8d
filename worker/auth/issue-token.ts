import type { Settings } from '../settings.ts'
import { signToken } from './token.ts'

/** Issues an access token for a user's session: for the API, and by its second audience for /mcp. */
export function issueToken(
  { BETTER_AUTH_URL: issuer, BETTER_AUTH_SECRET }: Settings,
  userId: string,
  sessionId: string,
) {
  const audience = [issuer, `${issuer}/mcp`]
  return signToken({ userId, sessionId, issuer, audience, now: Date.now() }, BETTER_AUTH_SECRET)
}
