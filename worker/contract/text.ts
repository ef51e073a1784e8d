import * as z from 'zod'

/** Length as people and Postgres count it: code points, so an emoji of one code point is one. */
export const codePoints = (text: string): number => Array.from(text).length

/** Text that Postgres can store: no NUL, no half of a surrogate pair. */
const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/**
 * Trimmed text of `min` to `max` code points that can be stored as it is.
 * `label` starts the sentences a person reads: "The title", "Your name".
 */
export function textOf(label: string, { min = 0, max }: { min?: number; max: number }) {
  return z
    .string({ error: `${label} must be text.` })
    .trim()
    .superRefine((text, issue) => {
      const count = codePoints(text)
      if (count < min) issue.addIssue(`${label} must not be empty.`)
      if (count > max)
        issue.addIssue(
          `${label} is limited to ${max.toLocaleString('en')} characters; this one has ${count.toLocaleString('en')}.`,
        )
      if (!storable(text)) issue.addIssue(`${label} holds a character that cannot be stored.`)
    })
    .meta({ ...(min > 0 && { minLength: min }), maxLength: max })
}

const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** Whether it is a time as the API tells it, and one that Postgres knows: it has no 30 February and no year 0. */
export function isTime(text: string): boolean {
  const ms = Date.parse(text)
  return ms >= FIRST_MS && ms <= LAST_MS && new Date(ms).toISOString() === text
}

/** ISO 8601, UTC, milliseconds: 2026-11-21T08:30:00.000Z. */
export const Time = z.iso.datetime({ precision: 3 })
