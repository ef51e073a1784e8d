import { createMiddleware } from 'hono/factory'
import type { UserEnv } from '../context.ts'
import { authenticate } from './authenticate.ts'

/** Lets requests with a valid token pass and sets `c.var.userId` and `c.var.sessionId`; costs no SQL. */
export const requireUser = createMiddleware<UserEnv>(async function requireUser(c, next) {
  const { userId, sessionId } = await authenticate(c, { tokenSource: 'GET /api/auth/token' })
  c.set('userId', userId)
  c.set('sessionId', sessionId)
  await next()
})
