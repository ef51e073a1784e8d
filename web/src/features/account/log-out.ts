import { session } from '../../lib/api.ts'
import { reach } from '../../lib/authorised-fetch.ts'
import { personHere, remember } from '../../lib/person.ts'
import { problemOf } from '../../lib/problem.ts'
import { forgetDevice } from '../tasks/kept.ts'

/**
 * End the session on the server, remove what this device keeps of the person, and leave. Rejects with an ApiProblem,
 * everything as it was, when the server does not answer.
 */
export async function logOut(): Promise<void> {
  const response = await reach(fetch, '/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!response.ok && response.status !== 401) throw await problemOf(response)
  await forget()
  location.assign('/')
}

/** Remove what this device keeps of the person; other tabs leave the list. */
export async function forget(): Promise<void> {
  const id = personHere()
  session.forget()
  remember(undefined)
  if (id) await forgetDevice(id)
}
