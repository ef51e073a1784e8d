import { Hono, type Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { databaseUnavailable } from '../problem.ts'

/**
 * Better Auth's endpoints that this product uses, by name: any other of its many is not there.
 * Its refusals keep its own shape, `{code, message}`, for the front ends that know it.
 */
export const authRoutes = new Hono<AppEnv>()
  .post('/sign-up/email', ask)
  .post('/sign-in/email', ask)
  .post('/sign-out', ask)
  .post('/update-user', ask)
  .post('/change-password', ask)
  .post('/delete-user', ask)
  .get('/get-session', ask)
  .get('/token', ask)

async function ask(c: Context<AppEnv>): Promise<Response> {
  const response = await c.var.auth.handler(c.req.raw)
  if (c.var.databaseUse.unavailable) throw databaseUnavailable()
  if (response.status >= 500) throw new Error('Better Auth failed')
  return response
}
