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

/** What has the focus: a text field, part of a row, or anything else. */
export type FocusContext = 'writing' | 'tick' | 'title' | 'row' | 'elsewhere'

/** Ids of the help dialog and of the switch for single-key shortcuts in it. */
export const HELP_DIALOG = 'keys'
export const SINGLE_KEYS_SWITCH = 'single-keys'

interface Shortcut {
  /** Keys as the help shows them. */
  keys: readonly string[]
  effect: string
}

/** The shortcuts that the help lists, in its order. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ['N'], effect: 'Write a new task' },
  { keys: ['J', '↓'], effect: 'Next task' },
  { keys: ['K', '↑'], effect: 'Previous task' },
  { keys: ['Home', 'End'], effect: 'First, last task' },
  { keys: ['Space'], effect: 'Tick or untick' },
  { keys: ['E', 'Enter'], effect: 'Edit' },
  { keys: ['Delete'], effect: 'Delete' },
  { keys: ['Z', 'Ctrl Z'], effect: 'Bring back what was deleted' },
  { keys: ['1', '2', '3'], effect: 'All, open, done' },
  { keys: ['/'], effect: 'Search' },
  { keys: ['A'], effect: 'Open the assistant, Escape closes it' },
  { keys: ['?'], effect: 'This help' },
]

/** Character keys work everywhere but in a text field, and can be turned off (WCAG 2.1.4). */
const characterKeys: Readonly<Record<string, Command>> = {
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

/** Named keys work on a focused row; elsewhere they scroll as usual. */
const rowKeys: Readonly<Record<string, Command>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Delete: 'delete',
  Backspace: 'delete',
}

/** Commands that a held key repeats. */
const repeatable = new Set<Command>(['next', 'previous'])

type KeyPress = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'repeat'>

/** Returns the command of a key pressed in `context`; undefined leaves the key to the browser. */
export function commandFor(press: KeyPress, context: FocusContext, singleKeys: boolean): Command | undefined {
  const command = context === 'writing' || press.altKey ? undefined : lookUp(press, context, singleKeys)
  return press.repeat && command && !repeatable.has(command) ? undefined : command
}

function lookUp(
  { key, ctrlKey, metaKey, shiftKey }: KeyPress,
  context: FocusContext,
  singleKeys: boolean,
): Command | undefined {
  const letter = key.toLowerCase()
  if (ctrlKey || metaKey) return letter === 'z' && !shiftKey ? 'undo' : undefined
  // Some keyboard layouts need Shift for / and for digits; a letter with Shift is not a shortcut.
  if (shiftKey && (letter !== key || key.length > 1)) return undefined
  if (context !== 'elsewhere') {
    if (key === 'Enter') return context === 'tick' ? 'edit' : undefined
    if (key === ' ') return context === 'title' && singleKeys ? 'tick' : undefined
    if (rowKeys[key]) return rowKeys[key]
  }
  return singleKeys ? characterKeys[letter] : undefined
}
