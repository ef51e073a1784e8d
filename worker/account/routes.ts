import { Hono, type Context } from 'hono'
import { requireUser } from '../auth/require-user.ts'
import type { UserEnv } from '../context.ts'
import { Uuid } from '../contract/id.ts'
import { ProblemError } from '../problem.ts'
import { limitBody } from '../validate.ts'
import { endSessions, listSessions, type Caller } from './sessions.ts'

export const accountRoutes = new Hono<UserEnv>()
  .use(requireUser, limitBody)
  .get('/sessions', async (c) => c.json({ sessions: await listSessions(caller(c)) }, 200))
  .delete('/sessions', async (c) => {
    await endSessions(caller(c))
    return c.body(null, 204)
  })
  .delete('/sessions/:id', async (c) => {
    const by = caller(c)
    const id = Uuid.safeParse(c.req.param('id'))
    if (!id.success) throw new ProblemError('not-found', 'You have no such session.')
    await endSessions(by, id.data)
    return c.body(null, 204)
  })

/** A token that names no session, as some front ends make them, may use tasks but not end sessions. */
function caller({ var: { database, userId, sessionId } }: Context<UserEnv>): Caller {
  if (sessionId === undefined)
    throw new ProblemError('forbidden', 'This token names no session. Use one from GET /api/auth/token.')
  return { database, userId, sessionId }
}
