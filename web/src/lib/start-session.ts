import type { PageSession } from '#contract/page.ts'
import { tokenStore } from './api.ts'
import { setCurrentUserId } from './current-user.ts'
import { readPageSession } from './page-session.ts'

/** Starts to use the token that came with the page and stores its user; returns both, undefined for a bare page. */
export function startSession(): PageSession | undefined {
  const session = readPageSession()
  if (!session) return undefined
  tokenStore.set(session.token)
  setCurrentUserId(session.user.id)
  return session
}
