import { currentUserId } from '../../lib/current-user.ts'

/** What the user has written and the server does not have yet. Survives a reload of this tab. */
export interface Draft {
  text: string
  /** A message that was sent and whose turn is not known to have started. */
  unsent?: { id: string; text: string; conversationId: string | undefined } | undefined
}

const storageKey = () => `margin-draft-${currentUserId() ?? ''}`

export function readDraft(): Draft {
  try {
    return { text: '', ...(JSON.parse(sessionStorage.getItem(storageKey()) ?? '{}') as Partial<Draft>) }
  } catch {
    return { text: '' }
  }
}

/** Merges `change` into the stored draft. Does nothing where the browser refuses to store. */
export function saveDraft(change: Partial<Draft>): void {
  try {
    const draft = { ...readDraft(), ...change }
    if (draft.text || draft.unsent) sessionStorage.setItem(storageKey(), JSON.stringify(draft))
    else sessionStorage.removeItem(storageKey())
  } catch {
    // The text is still on the page.
  }
}
