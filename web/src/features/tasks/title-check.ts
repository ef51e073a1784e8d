import { amount } from './amount.ts'
import { DESCRIPTION_MAX_CHARS, TITLE_MAX_CHARS } from '#contract/limits.ts'

/** Text as a task keeps it as its title: one line, trimmed. */
export const titleOf = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()

/** What is wrong with a title; undefined when it can be kept. */
export function titleError(title: string): string | undefined {
  return title === '' ? 'The title must not be empty.' : lengthError('The title', title, TITLE_MAX_CHARS)
}

/** What is wrong with a description; undefined when it can be kept. */
export const descriptionError = (description: string): string | undefined =>
  lengthError('The description', description, DESCRIPTION_MAX_CHARS)

function lengthError(label: string, text: string, max: number): string | undefined {
  const count = Array.from(text).length
  if (count <= max) return undefined
  return `${label} is limited to ${amount(max)} characters; this one has ${amount(count)}.`
}
