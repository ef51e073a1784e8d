/** Event on the window of the list: the server has changed it, by another hand. */
export const LIST_CHANGED = 'list-changed'
