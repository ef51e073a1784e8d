import { APIError } from 'better-auth/api'
import { Name } from '../contract/account.ts'
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '../contract/limits.ts'

/**
 * Returns the name in a body. Better Auth itself accepts any: empty, endless, or one that cannot be stored.
 * @throws APIError `INVALID_NAME` with the reason
 */
export function parseName(body: unknown): string {
  const name = Name.safeParse((body as { name?: unknown } | undefined)?.name)
  if (name.success) return name.data
  throw new APIError('BAD_REQUEST', {
    code: 'INVALID_NAME',
    message: name.error.issues[0]?.message ?? `Your name is limited to ${NAME_MAX_CHARS} characters.`,
  })
}

/**
 * Checks the length of a password before it is hashed. A current one may be shorter than today's minimum.
 * @throws APIError with Better Auth's codes
 */
export function checkPasswordLength(password: string, which: 'new' | 'current' = 'new'): void {
  if (which === 'new' && password.length < PASSWORD_MIN_CHARS)
    throw new APIError('BAD_REQUEST', {
      code: 'PASSWORD_TOO_SHORT',
      message: `Use at least ${PASSWORD_MIN_CHARS} characters.`,
    })
  if (password.length > PASSWORD_MAX_CHARS)
    throw new APIError('BAD_REQUEST', {
      code: 'PASSWORD_TOO_LONG',
      message: `Use at most ${PASSWORD_MAX_CHARS} characters.`,
    })
}
