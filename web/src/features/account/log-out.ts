import { tokenStore } from '../../lib/api.ts'
import { fetchOrThrow } from '../../lib/authorised-fetch.ts'
import { currentUserId, setCurrentUserId } from '../../lib/current-user.ts'
import { readProblem } from '../../lib/problem.ts'
import { clearLocalData } from '../../task-sync/local-data.ts'

/**
 * Ends the session on the server, removes the user's data from this device and goes to the start page.
 *
 * @throws ApiProblem when the server does not end the session; nothing is removed then
 */
export async function logOut(): Promise<void> {
  const response = await fetchOrThrow(fetch, '/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!response.ok && response.status !== 401) throw await readProblem(response)
  await forgetUser()
  location.assign('/')
}

/** Removes the user's data and token from this device; other tabs leave their pages. */
export async function forgetUser(): Promise<void> {
  const id = currentUserId()
  tokenStore.clear()
  setCurrentUserId(undefined)
  if (id) await clearLocalData(id)
}
