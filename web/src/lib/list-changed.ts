/** Event on the list's window: something else than this list, such as the assistant, has changed tasks on the server. */
export const LIST_CHANGED = 'list-changed'
