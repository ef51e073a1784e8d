import { Hono, type Context } from 'hono'
import type { AppEnv } from '../context.ts'
import { databaseUnavailable } from '../problem.ts'
import { isStorableRequest, NOT_STORABLE } from './storable.ts'

/**
 * The endpoints of Better Auth that this product uses; no other is mounted. Refusals keep Better Auth's shape,
 * `{code, message}`, which its clients know.
 */
export const authRoutes = new Hono<AppEnv>()
  .post('/sign-up/email', callBetterAuth)
  .post('/sign-in/email', callBetterAuth)
  .post('/sign-out', callBetterAuth)
  .post('/update-user', callBetterAuth)
  .post('/change-password', callBetterAuth)
  .post('/delete-user', callBetterAuth)
  .get('/get-session', callBetterAuth)
  .get('/token', callBetterAuth)

/** Fields that `parseName` refuses with a message of its own, or that are dropped. */
const CHECKED_ELSEWHERE = ['name', 'image']

async function callBetterAuth(c: Context<AppEnv>): Promise<Response> {
  if (!(await isStorableRequest(c.req.raw, CHECKED_ELSEWHERE)))
    return c.json({ code: 'INVALID_CHARACTER', message: NOT_STORABLE }, 400)
  const response = await c.var.auth.handler(c.req.raw)
  if (c.var.databaseUse.unavailable) throw databaseUnavailable()
  if (response.status >= 500) throw new Error('Better Auth failed')
  return response
}
