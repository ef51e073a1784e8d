import { expect, test } from 'vitest'
import { commandOf, shortcuts, type FocusContext } from './shortcuts.ts'

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  ...more,
})
const KEYS = ['n', 'j', 'k', 'e', 'z', '1', '2', '3', '/', '?', ' ', 'Enter', 'Delete', 'ArrowDown', 'Home']

test.for([
  ['n', 'elsewhere', 'add'],
  ['J', 'elsewhere', 'next'],
  ['k', 'tick', 'previous'],
  ['ArrowDown', 'title', 'next'],
  ['ArrowDown', 'elsewhere', undefined],
  ['End', 'tick', 'last'],
  [' ', 'title', 'tick'],
  [' ', 'tick', undefined],
  ['Enter', 'tick', 'edit'],
  ['Enter', 'title', undefined],
  ['Enter', 'row', undefined],
  ['Delete', 'row', 'delete'],
  ['Delete', 'elsewhere', undefined],
  ['2', 'elsewhere', 'open'],
  ['x', 'tick', undefined],
] as const)('WEB-56 %s at %s asks for %s', ([key, place, command]) => {
  expect(commandOf(press(key), place, true)).toBe(command)
})

test('WEB-56 no shortcut is one while something is written, or with a modifier', () => {
  for (const key of KEYS) {
    expect(commandOf(press(key), 'writing', true)).toBeUndefined()
    for (const modifier of key === 'z' ? ['altKey'] : ['altKey', 'ctrlKey', 'metaKey'])
      expect(commandOf(press(key, { [modifier]: true }), 'tick', true)).toBeUndefined()
  }
  expect(commandOf(press('J', { shiftKey: true }), 'tick', true)).toBeUndefined()
  expect(commandOf(press('ArrowDown', { shiftKey: true }), 'tick', true)).toBeUndefined()
  expect(commandOf(press('?', { shiftKey: true }), 'tick', true)).toBe('help')
  expect(commandOf(press('z', { ctrlKey: true }), 'tick', true)).toBe('undo')
  expect(commandOf(press('Z', { ctrlKey: true, shiftKey: true }), 'tick', true)).toBeUndefined()
})

test('WEB-56 a key held down walks on, but does nothing else twice', () => {
  expect(commandOf(press('j', { repeat: true }), 'tick', true)).toBe('next')
  for (const key of ['Delete', 'n', 'z', '2', 'e'])
    expect(commandOf(press(key, { repeat: true }), 'tick', true)).toBeUndefined()
})

test('WEB-57 turned off, no single character is a shortcut anywhere; keys of a focused row stay', () => {
  const places: FocusContext[] = ['tick', 'title', 'row', 'elsewhere']
  for (const place of places)
    for (const key of KEYS.filter((one) => one.length === 1))
      expect(commandOf(press(key), place, false)).toBeUndefined()
  expect(commandOf(press('ArrowDown'), 'tick', false)).toBe('next')
  expect(commandOf(press('Delete'), 'tick', false)).toBe('delete')
  expect(commandOf(press('z', { metaKey: true }), 'elsewhere', false)).toBe('undo')
})

test('WEB-58 the help lists every character that does something', () => {
  const shown = shortcuts.flatMap((shortcut) => shortcut.shown.map((key) => key.toLowerCase()))
  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  const meant = printable.filter((key) => commandOf(press(key), 'elsewhere', true))
  expect(meant.length).toBeGreaterThan(9)
  expect(shown).toEqual(expect.arrayContaining(meant.map((key) => key.toLowerCase())))
})
