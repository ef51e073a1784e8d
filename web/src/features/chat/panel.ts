import { LIST_CHANGED } from '../../lib/list-changed.ts'
import type { ASSISTANT_PANEL } from '../tasks/keyboard/shortcuts.ts'

/** Id of the panel, repeated here so that this page does not carry the keys of the list. */
const PANEL_ID: typeof ASSISTANT_PANEL = 'assistant'

/** Whether this page stands beside the list. */
export const isInPanel = (): boolean => parent !== window

/** Tells the list beside that the server has news for it. */
export const notifyTaskList = (): void => void parent.dispatchEvent(new Event(LIST_CHANGED))

/** Puts the panel away, and the focus back to what opens it. */
export function closePanel(): void {
  parent.document.getElementById(PANEL_ID)?.hidePopover()
  parent.focus()
  parent.document.querySelector<HTMLElement>(`[popovertarget="${PANEL_ID}"]`)?.focus()
}
