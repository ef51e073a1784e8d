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
 * What people do to their own account, at Better Auth's addresses and in its words but in our steps
 * (specs/decisions/0006-an-account-is-changed-in-one-statement.md): the session is read from the database, never from
 * the signed copy in the cookie, and each change is one statement. These take the place of Better Auth's endpoints.
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
          const { session, user: person } = ctx.context.session
          const change = { name, updatedAt: new Date() }
          await database.repeatable.update(user).set(change).where(eq(user.id, person.id))
          await setSessionCookie(ctx, { session, user: { ...person, ...change } })
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
          const { session, user: person } = ctx.context.session
          checkPasswordLength(newPassword)
          const { password } = ctx.context
          const old = await verifyPassword(database, person.id, currentPassword, password.verify)
          const next = await password.hash(newPassword)
          const token = revokeOtherSessions ? generateRandomString(32, 'a-z', 'A-Z', '0-9') : undefined
          const done = await replacePassword(database, { ...old, next, sessionId: session.id, token })
          if (!done) throw wrongPassword()
          if (token) await setSessionCookie(ctx, { session: { ...session, token }, user: person })
          return ctx.json({ token: null, user: person })
        },
      ),

      deleteUser: createAuthEndpoint(
        '/delete-user',
        { method: 'POST', use: [sensitiveSessionMiddleware], body: z.object({ password: z.string() }) },
        async (ctx) => {
          const { id } = ctx.context.session.user
          await verifyPassword(database, id, ctx.body.password, ctx.context.password.verify)
          // Sessions, password and tasks go with the row that owns them.
          await database.repeatable.delete(user).where(eq(user.id, id))
          deleteSessionCookie(ctx)
          return ctx.json({ success: true, message: 'User deleted' })
        },
      ),
    },
  }) satisfies BetterAuthPlugin

type Verify = (proof: { hash: string; password: string }) => Promise<boolean>

/** @throws APIError when this is not the person's password */
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
