import type { Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { databaseUnavailable, oauthError } from '../problem.ts'

/**
 * Asks Better Auth's OAuth server, which is loaded by the first who does. Its refusals keep OAuth's own shape,
 * `{error, error_description}`, for the clients that know it.
 * @throws ProblemError `database-away`
 */
export async function callOAuth(c: Context<AppEnv>, request: Request): Promise<Response> {
  const { oauthOf } = await import('./oauth.ts')
  try {
    const response = await oauthOf(c.var.settings, c.var.database).handler(request)
    if (response.status >= 500 && !c.var.databaseUse.unavailable) throw new Error('The OAuth server failed')
    if (!c.var.databaseUse.unavailable) return response
  } catch (error) {
    // A refresh token rests on a consent; this one was taken back while the token was being made.
    if (sqlState(error) === FOREIGN_KEY_VIOLATION)
      return oauthError(c, 'invalid_grant', 'The person has taken the permission back.')
    throw error
  }
  throw databaseUnavailable()
}
