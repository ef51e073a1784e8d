/** A time in UTC as Postgres writes it, without trailing zeros of the fraction. */
const UTC_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/
/** Length of `2026-11-21 08:00:00.123+00`, a time with all three digits of the fraction. */
const FULL_LENGTH = 26

/** Returns a timestamptz as Postgres writes it in ISO 8601 with milliseconds and Z. */
export function isoTimeOf(text: string): string {
  // Nine of ten times have this length, and a page has up to 2,000 of them: no regular expression for these.
  if (text.length === FULL_LENGTH && text.endsWith('+00'))
    return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`
  const [, day, time, fraction = ''] = UTC_TIME.exec(text) ?? []
  return day ? `${day}T${time}.${fraction.padEnd(3, '0')}Z` : new Date(text).toISOString()
}
