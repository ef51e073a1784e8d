import { ASSISTANT_PANEL } from '../../lib/assistant-panel.ts'
import { LIST_CHANGED } from '../../lib/list-changed.ts'

/** Returns whether this page is in the frame of the panel on /tasks. */
export const isInPanel = (): boolean => parent !== window

/** Tells the task list on the page around this one to pull the server's changes. */
export const notifyTaskList = (): void => void parent.dispatchEvent(new Event(LIST_CHANGED))

/** Closes the panel and moves the focus to the button that opens it. */
export function closePanel(): void {
  parent.document.getElementById(ASSISTANT_PANEL)?.hidePopover()
  parent.focus()
  parent.document.querySelector<HTMLElement>(`[popovertarget="${ASSISTANT_PANEL}"]`)?.focus()
}
