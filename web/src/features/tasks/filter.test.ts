import { expect, test } from 'vitest'
import { filters, passes, pathOf, viewIn } from './filter.ts'

test('WEB-18 filter and search are in the address, and back', () => {
  for (const filter of filters)
    for (const query of ['', 'milk & honey?', '100 % #1'])
      expect(viewIn(new URL(pathOf({ filter, query }), 'https://margin.example').search)).toEqual({
        filter,
        query,
      })
  expect(pathOf({ filter: 'all', query: '' })).toBe('/tasks')
  expect(viewIn('?filter=nonsense').filter).toBe('all')
})

test('WEB-18 all, open and done hold the tasks they name', () => {
  const names = (completed: boolean) => filters.filter((filter) => passes(filter, { completed }))
  expect(names(true)).toEqual(['all', 'done'])
  expect(names(false)).toEqual(['all', 'open'])
})
