import { Hono, type Context } from 'hono'
import { requireUser } from '../auth/require-user.ts'
import type { UserEnv } from '../context.ts'
import { Uuid } from '../contract/id.ts'
import { ProblemError } from '../problem.ts'
import { limitBody } from '../validate.ts'
import { endSessions, listSessions, type SessionScope } from './sessions.ts'

export const accountRoutes = new Hono<UserEnv>()
  .use(requireUser, limitBody)
  .get('/sessions', async (c) => c.json({ sessions: await listSessions(sessionScopeOf(c)) }, 200))
  .delete('/sessions', async (c) => {
    await endSessions(sessionScopeOf(c))
    return c.body(null, 204)
  })
  .delete('/sessions/:id', async (c) => {
    const scope = sessionScopeOf(c)
    const id = Uuid.safeParse(c.req.param('id'))
    if (!id.success) throw new ProblemError('not-found', 'You have no such session.')
    await endSessions(scope, id.data)
    return c.body(null, 204)
  })

/**
 * Returns the scope of the session that the token names.
 * @throws ProblemError `forbidden` for a token that names none, as those of other front ends: it is good for tasks only
 */
function sessionScopeOf({ var: { database, userId, sessionId } }: Context<UserEnv>): SessionScope {
  if (sessionId === undefined)
    throw new ProblemError('forbidden', 'This token names no session. Use one from GET /api/auth/token.')
  return { database, userId, sessionId }
}
