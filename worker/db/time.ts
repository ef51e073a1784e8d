import { customType } from 'drizzle-orm/pg-core'

/** How Postgres writes a moment in UTC; it leaves zeros at the end away. */
const UTC_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/
/** The length of `2026-11-21 08:00:00.123+00`, where none is left away. */
const WHOLE = 26

/** A timestamptz as Postgres writes it, in ISO 8601 with milliseconds and Z. */
export function isoTimeOf(text: string): string {
  // Nine of ten are whole, and a list has a hundred.
  if (text.length === WHOLE && text.endsWith('+00')) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`
  const [, day, time, fraction = ''] = UTC_TIME.exec(text) ?? []
  return day ? `${day}T${time}.${fraction.padEnd(3, '0')}Z` : new Date(text).toISOString()
}

/** A moment in milliseconds, read as the API sends it: ISO 8601 with Z. */
export const isoTime = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: isoTimeOf,
})
