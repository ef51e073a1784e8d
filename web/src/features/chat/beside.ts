import { ASSISTANT_PANEL } from '../../lib/assistant-panel.ts'
import { LIST_CHANGED } from '../../lib/list-changed.ts'

/** Whether this page stands beside the list. */
export const isBeside = (): boolean => parent !== window

/** Tells the list beside that the server has news for it. */
export const tellList = (): void => void parent.dispatchEvent(new Event(LIST_CHANGED))

/** Puts the panel away, and the focus back to what opens it. */
export function closePanel(): void {
  parent.document.getElementById(ASSISTANT_PANEL)?.hidePopover()
  parent.focus()
  parent.document.querySelector<HTMLElement>(`[popovertarget="${ASSISTANT_PANEL}"]`)?.focus()
}
