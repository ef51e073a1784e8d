import { currentUserId } from '../../lib/current-user.ts'

/** What is written and not yet with the server: it outlives a reload of this tab. */
export interface Draft {
  text: string
  /** A message on its way whose turn has not been heard of. */
  unsent?: { id: string; text: string; conversationId: string | undefined } | undefined
}

const draftKey = () => `margin-draft-${currentUserId() ?? ''}`

export function readDraft(): Draft {
  try {
    return { text: '', ...(JSON.parse(sessionStorage.getItem(draftKey()) ?? '{}') as Partial<Draft>) }
  } catch {
    return { text: '' }
  }
}

/** A browser that keeps nothing is no reason to fail. */
export function saveDraft(change: Partial<Draft>): void {
  try {
    const draft = { ...readDraft(), ...change }
    if (draft.text || draft.unsent) sessionStorage.setItem(draftKey(), JSON.stringify(draft))
    else sessionStorage.removeItem(draftKey())
  } catch {
    // It is on the page as long as the page is there.
  }
}
