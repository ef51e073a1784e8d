export type Command =
  | 'add'
  | 'search'
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'tick'
  | 'edit'
  | 'delete'
  | 'undo'
  | 'all'
  | 'open'
  | 'done'
  | 'assistant'
  | 'help'

/** Where the focus is, as far as keys are concerned. */
export type FocusContext = 'writing' | 'tick' | 'title' | 'row' | 'elsewhere'

/** Ids of the dialog that lists the keys, and of the switch in it. */
export const HELP_DIALOG = 'keys'
export const SINGLE_KEYS_SWITCH = 'single-keys'

interface Shortcut {
  /** Keys as the help shows them. */
  shown: readonly string[]
  does: string
}

/** What the help lists, in its order. */
export const shortcuts: readonly Shortcut[] = [
  { shown: ['N'], does: 'Write a new task' },
  { shown: ['J', '↓'], does: 'Next task' },
  { shown: ['K', '↑'], does: 'Previous task' },
  { shown: ['Home', 'End'], does: 'First, last task' },
  { shown: ['Space'], does: 'Tick or untick' },
  { shown: ['E', 'Enter'], does: 'Edit' },
  { shown: ['Delete'], does: 'Delete' },
  { shown: ['Z', 'Ctrl Z'], does: 'Bring back what was deleted' },
  { shown: ['1', '2', '3'], does: 'All, open, done' },
  { shown: ['/'], does: 'Search' },
  { shown: ['A'], does: 'Open the assistant, Escape closes it' },
  { shown: ['?'], does: 'This help' },
]

/** Single characters work anywhere but in writing, and can be turned off (WCAG 2.1.4). */
const characters: Readonly<Record<string, Command>> = {
  n: 'add',
  j: 'next',
  k: 'previous',
  e: 'edit',
  z: 'undo',
  '1': 'all',
  '2': 'open',
  '3': 'done',
  a: 'assistant',
  '/': 'search',
  '?': 'help',
}

/** Named keys work on a row that has the focus; elsewhere they scroll, as always. */
const named: Readonly<Record<string, Command>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Delete: 'delete',
  Backspace: 'delete',
}

/** Holding the key down goes on doing it. */
const repeatable = new Set<Command>(['next', 'previous'])

type Press = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'repeat'>

/** What a key pressed at `place` asks for; undefined leaves it to the browser. */
export function commandOf(press: Press, place: FocusContext, singleKeys: boolean): Command | undefined {
  const command = place === 'writing' || press.altKey ? undefined : meantBy(press, place, singleKeys)
  return press.repeat && command && !repeatable.has(command) ? undefined : command
}

function meantBy({ key, ctrlKey, metaKey, shiftKey }: Press, place: FocusContext, singleKeys: boolean) {
  const letter = key.toLowerCase()
  if (ctrlKey || metaKey) return letter === 'z' && !shiftKey ? 'undo' : undefined
  // Some keyboards need Shift for / and for digits; a letter with Shift is another key.
  if (shiftKey && (letter !== key || key.length > 1)) return undefined
  if (place !== 'elsewhere') {
    if (key === 'Enter') return place === 'tick' ? 'edit' : undefined
    if (key === ' ') return place === 'title' && singleKeys ? 'tick' : undefined
    if (named[key]) return named[key]
  }
  return singleKeys ? characters[letter] : undefined
}
