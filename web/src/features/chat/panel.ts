import { LIST_CHANGED } from '../../lib/list-changed.ts'
import type { ASSISTANT_PANEL } from '../tasks/keyboard/shortcuts.ts'

/** Id of the panel on /tasks. Only its type is imported, so that /chat does not load the list's shortcuts. */
const PANEL_ID: typeof ASSISTANT_PANEL = 'assistant'

/** Returns whether this page is in the frame of the panel on /tasks. */
export const isInPanel = (): boolean => parent !== window

/** Tells the task list on the page around this one to pull the server's changes. */
export const notifyTaskList = (): void => void parent.dispatchEvent(new Event(LIST_CHANGED))

/** Closes the panel and moves the focus to the button that opens it. */
export function closePanel(): void {
  parent.document.getElementById(PANEL_ID)?.hidePopover()
  parent.focus()
  parent.document.querySelector<HTMLElement>(`[popovertarget="${PANEL_ID}"]`)?.focus()
}
