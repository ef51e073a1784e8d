import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#contract/limits.ts'

type AccountField = 'name' | 'email' | 'password'
export type FieldErrors = Partial<Record<AccountField, string>>
export type AccountInput = Record<AccountField, string>

/** The rough shape of an e-mail address; the server decides. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/

/**
 * Returns the errors of a registration, with the messages of the contract's schema. Written by hand because that schema
 * would bring 20 kB of zod to the page; a test compares the two.
 */
export function checkRegistration({ name, email, password }: AccountInput): FieldErrors {
  const chars = Array.from(name.trim()).length
  return withoutUndefined({
    name:
      chars === 0
        ? 'Your name must not be empty.'
        : chars > NAME_MAX_CHARS
          ? `Your name is limited to ${NAME_MAX_CHARS} characters; this one has ${chars.toLocaleString('en')}.`
          : undefined,
    email: emailError(email),
    password:
      password.length < PASSWORD_MIN_CHARS
        ? `Use at least ${PASSWORD_MIN_CHARS} characters.`
        : password.length > PASSWORD_MAX_CHARS
          ? `Use at most ${PASSWORD_MAX_CHARS} characters.`
          : undefined,
  })
}

/** Returns what is missing for a login. Any password is accepted here: old ones may not meet the current rules. */
export function checkLogin({ email, password }: Omit<AccountInput, 'name'>): FieldErrors {
  return withoutUndefined({
    email: emailError(email),
    password: password === '' ? 'Enter your password.' : undefined,
  })
}

function emailError(email: string): string | undefined {
  return EMAIL.test(email) ? undefined : 'Enter an e-mail address like ann@example.com.'
}

function withoutUndefined(errors: Record<string, string | undefined>): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message !== undefined))
}
