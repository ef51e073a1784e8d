import { expect, test } from 'vitest'
import { filters, matchesFilter, parseView, viewPath } from './filter.ts'

test('WEB-18 filter and search survive the way into the address and back', () => {
  for (const filter of filters)
    for (const query of ['', 'milk & honey?', '100 % #1'])
      expect(parseView(new URL(viewPath({ filter, query }), 'https://margin.example').search)).toEqual({
        filter,
        query,
      })
  expect(viewPath({ filter: 'all', query: '' })).toBe('/tasks')
  expect(parseView('?filter=nonsense').filter).toBe('all')
})

test('WEB-18 all, open and done let through the tasks they name', () => {
  const matching = (completed: boolean) => filters.filter((filter) => matchesFilter(filter, { completed }))
  expect(matching(true)).toEqual(['all', 'done'])
  expect(matching(false)).toEqual(['all', 'open'])
})
