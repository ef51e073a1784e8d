/**
 * Statuses that replace a tool call's own in the history, once the user has refused or undone it. Any model reads them
 * as plain words; the embedded model recognises them.
 */
export const REFUSED_BY_USER = 'refused by the person'
export const UNDONE_BY_USER = 'undone by the person'
