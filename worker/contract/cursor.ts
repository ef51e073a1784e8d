import * as z from 'zod'
import { Uuid } from './id.ts'
import { isTime } from './time.ts'

/**
 * Where a keyset page ends: the time and id of its last row. Unlike an offset it stays right while rows are added and
 * deleted.
 */
export const Cursor = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/,
    'Use `next_cursor` or `next_since` of an answer as it was given.',
  )
  .transform((text) => ({ at: text.slice(0, 24), id: text.slice(25) }))
  .refine(({ at, id }) => isTime(at) && Uuid.safeParse(id).success, 'This cursor is not valid.')
export type Cursor = z.output<typeof Cursor>

/** Returns a cursor as it is sent: `at` in ISO 8601, then the UUID. */
export const formatCursor = (at: string, id: string): string => `${at}_${id}`
