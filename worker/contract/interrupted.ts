import type { TurnError } from './chat.ts'

/**
 * The error of a turn that was cut off before its end. In a file of its own, because chat.ts would bring zod into the
 * browser.
 */
export const INTERRUPTED: TurnError = {
  code: 'interrupted',
  message: 'The answer was cut off. Try again: what was done already is not done twice.',
}
