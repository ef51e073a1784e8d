import { expect, test } from 'vitest'
import { filterIn, filterPath, filters, passes } from './filter.ts'

test('WEB-18 the filter is in the address, and back', () => {
  for (const filter of filters) {
    expect(filterIn(new URL(filterPath(filter), 'https://margin.example').search)).toBe(filter)
  }
  expect(filterIn('?filter=nonsense')).toBe('all')
})

test('WEB-18 all, open and done hold the tasks they name', () => {
  const names = (completed: boolean) => filters.filter((filter) => passes(filter, { completed }))
  expect(names(true)).toEqual(['all', 'done'])
  expect(names(false)).toEqual(['all', 'open'])
})
