import { expect, test } from 'vitest'
import { commandFor, shortcuts, type FocusContext } from './shortcuts.ts'

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
] as const)('WEB-56 %s with the focus on %s runs %s', ([key, context, command]) => {
  expect(commandFor(press(key), context, true)).toBe(command)
})

test('WEB-56 no key is a shortcut in a text field or with a modifier', () => {
  for (const key of KEYS) {
    expect(commandFor(press(key), 'writing', true)).toBeUndefined()
    for (const modifier of key === 'z' ? ['altKey'] : ['altKey', 'ctrlKey', 'metaKey'])
      expect(commandFor(press(key, { [modifier]: true }), 'tick', true)).toBeUndefined()
  }
  expect(commandFor(press('J', { shiftKey: true }), 'tick', true)).toBeUndefined()
  expect(commandFor(press('ArrowDown', { shiftKey: true }), 'tick', true)).toBeUndefined()
  expect(commandFor(press('?', { shiftKey: true }), 'tick', true)).toBe('help')
  expect(commandFor(press('z', { ctrlKey: true }), 'tick', true)).toBe('undo')
  expect(commandFor(press('Z', { ctrlKey: true, shiftKey: true }), 'tick', true)).toBeUndefined()
})

test('WEB-56 a held key repeats next and previous only', () => {
  expect(commandFor(press('j', { repeat: true }), 'tick', true)).toBe('next')
  for (const key of ['Delete', 'n', 'z', '2', 'e'])
    expect(commandFor(press(key, { repeat: true }), 'tick', true)).toBeUndefined()
})

test('WEB-57 turned off, no character key is a shortcut anywhere; named keys on a focused row still work', () => {
  const contexts: FocusContext[] = ['tick', 'title', 'row', 'elsewhere']
  for (const context of contexts)
    for (const key of KEYS.filter((one) => one.length === 1))
      expect(commandFor(press(key), context, false)).toBeUndefined()
  expect(commandFor(press('ArrowDown'), 'tick', false)).toBe('next')
  expect(commandFor(press('Delete'), 'tick', false)).toBe('delete')
  expect(commandFor(press('z', { metaKey: true }), 'elsewhere', false)).toBe('undo')
})

test('WEB-58 the help lists every character key that is a shortcut', () => {
  const listed = shortcuts.flatMap(({ keys }) => keys.map((key) => key.toLowerCase()))
  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  const working = printable.filter((key) => commandFor(press(key), 'elsewhere', true))
  expect(working.length).toBeGreaterThan(9)
  expect(listed).toEqual(expect.arrayContaining(working.map((key) => key.toLowerCase())))
})
