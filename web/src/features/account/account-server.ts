import { loginPath } from '../../lib/login-path.ts'
import { ApiProblem } from '../../lib/problem.ts'
import { callAuth } from '../auth/auth-request.ts'

/**
 * Changes the account. A user whose session has ended is sent to the login, which leads back here.
 *
 * @throws ApiProblem
 */
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

/** Returns whether the server rejected the current password. */
export const isWrongPassword = ({ code }: ApiProblem): boolean => (code as string) === 'INVALID_PASSWORD'

/** Returns the text of a form field, '' when there is none. */
export function formText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}
