import { DESCRIPTION_MAX_CHARS, TITLE_MAX_CHARS } from '#contract/limits.ts'
import { formatCount } from './format-count.ts'

// The same rules as the contract's schema, which would bring 20 kB of zod to the page; a test compares the two.

/** Returns the text as a title: trimmed, with line breaks replaced by spaces. */
export const normalizeTitle = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()

/** Returns why a normalized title is not valid, undefined when it is. */
export function titleError(title: string): string | undefined {
  return title === '' ? 'The title must not be empty.' : lengthError('The title', title, TITLE_MAX_CHARS)
}

/** Returns why a description is not valid, undefined when it is. */
export const descriptionError = (description: string): string | undefined =>
  lengthError('The description', description, DESCRIPTION_MAX_CHARS)

function lengthError(label: string, text: string, maxChars: number): string | undefined {
  const chars = Array.from(text).length
  if (chars <= maxChars) return undefined
  return `${label} is limited to ${formatCount(maxChars)} characters; this one has ${formatCount(chars)}.`
}
