/**
 * The fields of a task that its user sets, in the order of the API's documents. A new field starts here: schemas,
 * columns, import, export, Undo and tools follow from this list, or do not compile without it. No zod in this file, so
 * that a page can use the list without loading the schemas.
 */
export const EDITABLE_FIELDS = ['title', 'description', 'completed'] as const
export type EditableField = (typeof EDITABLE_FIELDS)[number]
