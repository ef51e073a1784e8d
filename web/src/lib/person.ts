import { readPageSession } from './page-session.ts'

const KEY = 'margin-person'

/** Id of whose list this page shows: who the Worker wrote into it, else who was here last, so that it opens offline. */
export function personHere(): string | undefined {
  const id = readPageSession()?.user.id
  if (id) remember(id)
  return id ?? recall()
}

/** Keep, or forget, whose list this device opens. A browser that keeps nothing is no reason to fail. */
export function remember(id: string | undefined): void {
  try {
    if (id) localStorage.setItem(KEY, id)
    else localStorage.removeItem(KEY)
  } catch {
    // The list is then opened with the network only.
  }
}

function recall(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}
