/** Numbers that people meet; apart from the schemas so that a page can use them without carrying zod. */

export const NAME_MAX_CHARS = 100
export const PASSWORD_MIN_CHARS = 8
export const PASSWORD_MAX_CHARS = 128

export const TITLE_MAX_CHARS = 200
export const DESCRIPTION_MAX_CHARS = 10_000

/** Tasks in a page of the list. */
export const PAGE_DEFAULT = 50
export const PAGE_MAX = 1_000

/** Days a deleted task can be restored before it is purged. */
export const RESTORE_DAYS = 30

/** Bytes of a request's body. */
export const BODY_MAX_BYTES = 64 * 1024

/** Tasks in one request of an import; their bytes are limited as those of any body. */
export const IMPORT_MAX = 1_000

/** Tasks that an agent gets in one answer. */
export const TOOL_LIST_DEFAULT = 50
export const TOOL_LIST_MAX = 200

/** Characters of a description in such a list; the rest is left out. */
export const TOOL_LIST_DESCRIPTION_CHARS = 200

/** Characters of a message to the assistant. */
export const CHAT_MESSAGE_MAX_CHARS = 2_000
/** Times a person can make the assistant answer, from midnight to midnight UTC; each retry is one. */
export const CHAT_TURNS_PER_DAY = 200
export const CONVERSATION_TITLE_MAX_CHARS = 100

/** Conversations, and messages of one, in a page. */
export const CONVERSATIONS_PAGE = 50
export const MESSAGES_PAGE = 100
/** Of either, for ChatKit when it does not say how many. */
export const CHATKIT_PAGE = 20

/** Milliseconds that the assistant has for an answer; what is not done by then has failed. */
export const CHAT_TURN_MAX_MS = 25_000
/** Milliseconds for which a page watches a turn that it does not stream; longer than any turn counts as running. */
export const CHAT_WATCH_MAX_MS = 45_000
