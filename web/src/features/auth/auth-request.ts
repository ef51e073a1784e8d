import { fetchOrThrow } from '../../lib/authorised-fetch.ts'
import { readProblem, type ApiProblem } from '../../lib/problem.ts'
import type { FieldErrors } from './account-checks.ts'

type AuthPath = 'sign-in/email' | 'sign-up/email' | 'update-user' | 'change-password' | 'delete-user'

/**
 * Calls an endpoint of Better Auth.
 * @throws ApiProblem when it fails
 */
export async function callAuth(path: AuthPath, body: object): Promise<void> {
  const response = await fetchOrThrow(fetch, `/api/auth/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await readProblem(response)
}

/** Returns the messages of a failed call: those for a field, and the one above the form. */
export function toFormErrors(problem: ApiProblem): { fields: FieldErrors; form?: string } {
  // Better Auth has codes of its own, which are not in the contract.
  const code: string = problem.code
  if (code === 'INVALID_EMAIL_OR_PASSWORD')
    return { fields: {}, form: 'The e-mail address or password is incorrect.' }
  if (code.startsWith('USER_ALREADY_EXISTS'))
    return { fields: { email: 'An account with this address already exists. Log in instead.' } }
  if (code === 'INVALID_EMAIL') return { fields: { email: 'Enter an e-mail address like ann@example.com.' } }
  if (code.startsWith('PASSWORD_TOO_')) return { fields: { password: problem.detail } }
  if (problem.status === 429 && problem.retry_after)
    return { fields: {}, form: `Too many attempts. Try again in ${problem.retry_after} seconds.` }
  return { fields: {}, form: problem.detail }
}
