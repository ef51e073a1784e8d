import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { deleteSessionCookie, setSessionCookie } from 'better-auth/cookies'
import { generateRandomString } from 'better-auth/crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { eq } from 'drizzle-orm'
import * as z from 'zod'
import type { Database } from '../db/client.ts'
import { account, user } from '../db/schema.ts'
import { parseName, checkPasswordLength } from './account-checks.ts'
import { replacePassword } from './replace-password.ts'

/**
 * Replaces Better Auth's endpoints for changing an account, at their paths and with their error codes
 * (specs/decisions/0006-an-account-is-changed-in-one-statement.md): the session is read from the database, never from
 * the signed copy in the cookie, and each change is one statement.
 */
export const accountEndpoints = (database: Database) =>
  ({
    id: 'own-account',
    endpoints: {
      updateUser: createAuthEndpoint(
        '/update-user',
        { method: 'POST', use: [sensitiveSessionMiddleware], body: z.looseObject({}) },
        async (ctx) => {
          const name = parseName(ctx.body)
          const { session, user: current } = ctx.context.session
          const change = { name, updatedAt: new Date() }
          await database.repeatable.update(user).set(change).where(eq(user.id, current.id))
          await setSessionCookie(ctx, { session, user: { ...current, ...change } })
          return ctx.json({ status: true })
        },
      ),

      changePassword: createAuthEndpoint(
        '/change-password',
        {
          method: 'POST',
          use: [sensitiveSessionMiddleware],
          body: z.object({
            currentPassword: z.string(),
            newPassword: z.string(),
            revokeOtherSessions: z.boolean().default(false),
          }),
        },
        async (ctx) => {
          const { currentPassword, newPassword, revokeOtherSessions } = ctx.body
          const { session, user: current } = ctx.context.session
          checkPasswordLength(newPassword)
          const { password } = ctx.context
          const verified = await verifyPassword(database, current.id, currentPassword, password.verify)
          const newHash = await password.hash(newPassword)
          const token = revokeOtherSessions ? generateRandomString(32, 'a-z', 'A-Z', '0-9') : undefined
          const replaced = await replacePassword(database, {
            ...verified,
            newHash,
            sessionId: session.id,
            token,
          })
          if (!replaced) throw wrongPassword()
          if (token) await setSessionCookie(ctx, { session: { ...session, token }, user: current })
          return ctx.json({ token: null, user: current })
        },
      ),

      deleteUser: createAuthEndpoint(
        '/delete-user',
        { method: 'POST', use: [sensitiveSessionMiddleware], body: z.object({ password: z.string() }) },
        async (ctx) => {
          const { id } = ctx.context.session.user
          await verifyPassword(database, id, ctx.body.password, ctx.context.password.verify)
          // Sessions, password and tasks are deleted with it by the database.
          await database.repeatable.delete(user).where(eq(user.id, id))
          deleteSessionCookie(ctx)
          return ctx.json({ success: true, message: 'User deleted' })
        },
      ),
    },
  }) satisfies BetterAuthPlugin

type Verify = (proof: { hash: string; password: string }) => Promise<boolean>

/**
 * Verifies the user's password and returns where it is stored.
 * @throws APIError `INVALID_PASSWORD`
 */
async function verifyPassword({ repeatable }: Database, userId: string, password: string, verify: Verify) {
  checkPasswordLength(password, 'current')
  const [found] = await repeatable
    .select({ accountId: account.id, hash: account.password })
    .from(account)
    .where(eq(account.userId, userId))
  if (!found?.hash || !(await verify({ hash: found.hash, password }))) throw wrongPassword()
  return { accountId: found.accountId, hash: found.hash, userId }
}

const wrongPassword = () =>
  new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'That password is incorrect.' })
