import { tokenStore } from '../../lib/api.ts'
import { fetchOrThrow } from '../../lib/authorised-fetch.ts'
import { currentUserId, setCurrentUserId } from '../../lib/current-user.ts'
import { readProblem } from '../../lib/problem.ts'
import { clearLocalData } from '../../task-sync/local-data.ts'

/**
 * End the session on the server, remove what this device keeps of the person, and leave. Rejects with an ApiProblem,
 * everything as it was, when the server does not answer.
 */
export async function logOut(): Promise<void> {
  const response = await fetchOrThrow(fetch, '/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!response.ok && response.status !== 401) throw await readProblem(response)
  await forget()
  location.assign('/')
}

/** Remove what this device keeps of the person; other tabs leave the list. */
export async function forget(): Promise<void> {
  const id = currentUserId()
  tokenStore.clear()
  setCurrentUserId(undefined)
  if (id) await clearLocalData(id)
}
