import * as z from 'zod'

/** ISO 8601, UTC, milliseconds: 2026-11-21T08:30:00.000Z. */
export const Time = z.iso.datetime({ precision: 3 })

const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** Returns whether `text` has the form of `Time` and is a time that Postgres can store: no 30 February, no year 0. */
export function isTime(text: string): boolean {
  const ms = Date.parse(text)
  return ms >= FIRST_MS && ms <= LAST_MS && new Date(ms).toISOString() === text
}
