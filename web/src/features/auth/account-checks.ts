import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#contract/limits.ts'

type AccountField = 'name' | 'email' | 'password'
export type FieldErrors = Partial<Record<AccountField, string>>
export type Account = Record<AccountField, string>

/** A rough form of an address; the server decides. */
const ADDRESS = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/

/**
 * What is wrong with a registration, in the words of the contract's schema. Written by hand because that
 * schema would bring 20 kB of zod to the page; a test holds the two together.
 */
export function checkRegistration({ name, email, password }: Account): FieldErrors {
  const letters = Array.from(name.trim()).length
  return present({
    name:
      letters === 0
        ? 'Your name must not be empty.'
        : letters > NAME_MAX_CHARS
          ? `Your name is limited to ${NAME_MAX_CHARS} characters; this one has ${letters.toLocaleString('en')}.`
          : undefined,
    email: checkAddress(email),
    password:
      password.length < PASSWORD_MIN_CHARS
        ? `Use at least ${PASSWORD_MIN_CHARS} characters.`
        : password.length > PASSWORD_MAX_CHARS
          ? `Use at most ${PASSWORD_MAX_CHARS} characters.`
          : undefined,
  })
}

/** What is missing to log in; whether it is right is not told apart from whether it exists. */
export function checkLogin({ email, password }: Omit<Account, 'name'>): FieldErrors {
  return present({
    email: checkAddress(email),
    password: password === '' ? 'Enter your password.' : undefined,
  })
}

function checkAddress(email: string): string | undefined {
  return ADDRESS.test(email) ? undefined : 'Enter an e-mail address like ann@example.com.'
}

function present(errors: Record<string, string | undefined>): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message !== undefined))
}
