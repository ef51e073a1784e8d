import { loginPath } from '../../lib/login-path.ts'
import { ApiProblem } from '../../lib/problem.ts'
import { callAuth } from '../auth/auth-request.ts'

/** A change to the account; whoever's session has ended is sent to log in, and comes back. */
export async function changeAccount(
  path: 'update-user' | 'change-password' | 'delete-user',
  body: object,
): Promise<void> {
  try {
    await callAuth(path, body)
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) location.assign(loginPath(location))
    throw error
  }
}

/** Whether this refusal is about the password that was given. */
export const isWrongPassword = ({ code }: ApiProblem): boolean => (code as string) === 'INVALID_PASSWORD'

/** Text of a field of a form. */
export function textIn(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}
