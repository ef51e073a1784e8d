import type { Context } from 'hono'
import { isStorableRequest, NOT_STORABLE } from '../auth/storable.ts'
import type { AppEnv } from '../context.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { databaseUnavailable, oauthError } from '../problem.ts'

/**
 * Sends a request to Better Auth's OAuth server, which the first request loads. Refusals keep OAuth's shape,
 * `{error, error_description}` (RFC 6749 §5.2), which its clients know.
 * @throws ProblemError `database-away`
 */
export async function callOAuth(c: Context<AppEnv>, request: Request): Promise<Response> {
  if (!(await isStorableRequest(request))) return oauthError(c, 'invalid_request', NOT_STORABLE)
  const { getOAuthServer } = await import('./oauth.ts')
  try {
    const response = await getOAuthServer(c.var.settings, c.var.database).handler(request)
    if (response.status >= 500 && !c.var.databaseUse.unavailable) throw new Error('The OAuth server failed')
    if (!c.var.databaseUse.unavailable) return response
  } catch (error) {
    // A refresh token references a consent, and this consent was revoked while the token was being made.
    if (sqlState(error) === FOREIGN_KEY_VIOLATION)
      return oauthError(c, 'invalid_grant', 'The person has taken the permission back.')
    throw error
  }
  throw databaseUnavailable()
}
