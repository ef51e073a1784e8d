import * as z from 'zod'

/** Counts code points, as Postgres does: an emoji of one code point counts once. */
export const codePoints = (text: string): number => Array.from(text).length

/** Returns whether Postgres can store `text`: no NUL, no lone surrogate. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/**
 * Trimmed text of `min` to `max` code points that Postgres can store. `label` starts the sentences of a rejection:
 * "The title", "Your name".
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
      if (!isStorable(text)) issue.addIssue(`${label} holds a character that cannot be stored.`)
    })
    .meta({ ...(min > 0 && { minLength: min }), maxLength: max })
}
