/** Limits of the API. No zod in this file, so that a page can use them without loading the schemas. */

export const NAME_MAX_CHARS = 100
export const PASSWORD_MIN_CHARS = 8
export const PASSWORD_MAX_CHARS = 128

export const TITLE_MAX_CHARS = 200
export const DESCRIPTION_MAX_CHARS = 10_000

/** Tasks per page of the list. */
export const PAGE_DEFAULT = 50
export const PAGE_MAX = 1_000

/** Days a deleted task can be restored before it is purged. */
export const RESTORE_DAYS = 30

/** Largest request body. */
export const BODY_MAX_BYTES = 64 * 1024

/** Tasks in one request of an import, whose body is limited like any other. */
export const IMPORT_MAX = 1_000

/** Tasks that list_tasks returns per call. */
export const TOOL_LIST_DEFAULT = 50
export const TOOL_LIST_MAX = 200

/** Characters of a description in that list; the rest is cut off. */
export const TOOL_LIST_DESCRIPTION_CHARS = 200

/** Longest message to the assistant. */
export const CHAT_MESSAGE_MAX_CHARS = 2_000
/** Turns a user can start per UTC day; each retry counts. */
export const CHAT_TURNS_PER_DAY = 200
export const CONVERSATION_TITLE_MAX_CHARS = 100

/** Items per page of conversations, and of a conversation's messages. */
export const CONVERSATIONS_PAGE = 50
export const MESSAGES_PAGE = 100
/** Items per page of either for ChatKit, when it sends no limit. */
export const CHATKIT_PAGE = 20

/** Longest turn of the assistant; a turn that takes longer has failed. */
export const CHAT_TURN_MAX_MS = 25_000
/** Milliseconds for which a page watches a turn that it does not stream; longer than any turn counts as running. */
export const CHAT_WATCH_MAX_MS = 45_000
