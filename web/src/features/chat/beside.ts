import { LIST_CHANGED } from '../../lib/list-changed.ts'

/** Id of the panel on the page of the list that shows this page in a frame. */
export const BESIDE = 'assistant'

/** Whether this page stands beside the list. */
export const isBeside = (): boolean => parent !== window

/** Tells the list beside that the server has news for it. */
export const tellList = (): void => void parent.dispatchEvent(new Event(LIST_CHANGED))

/** Puts the panel away, and the focus back to what opened it. */
export const closePanel = (): void => parent.document.getElementById(BESIDE)?.hidePopover()
