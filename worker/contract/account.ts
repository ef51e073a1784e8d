import * as z from 'zod'
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from './limits.ts'
import { textOf } from './text.ts'

export const Name = textOf('Your name', { min: 1, max: NAME_MAX_CHARS })

/** The body of a sign-up; Better Auth checks it again with the same limits. */
export const NewAccount = z.object({
  name: Name,
  email: z.email('Enter an e-mail address like ann@example.com.'),
  password: z
    .string()
    .min(PASSWORD_MIN_CHARS, `Use at least ${PASSWORD_MIN_CHARS} characters.`)
    .max(PASSWORD_MAX_CHARS, `Use at most ${PASSWORD_MAX_CHARS} characters.`),
})
export type NewAccount = z.infer<typeof NewAccount>
