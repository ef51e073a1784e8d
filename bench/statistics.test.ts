import { expect, test } from 'vitest'
import { median, quantile, slowRuns } from './statistics.ts'
import { printRows } from './table.ts'
import { judge } from './verdict.ts'

test('OPS-43 the median is the middle, whatever the order and the count', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10)
})

test('OPS-43 a run on a slowed machine is excluded, one that is only a little slower is not', () => {
  expect(slowRuns([2000, 1950, 2050, 700, 1990])).toEqual([false, false, false, true, false])
  expect(slowRuns([2000, 1950, 2050, 1900, 1990])).toEqual([false, false, false, false, false])
  expect(slowRuns([1200, 900, 600, 1100, 1900])).toEqual([false, false, false, false, false])
  expect(slowRuns([600, 610, 590], 1000)).toEqual([true, true, true])
})

const runs = (count: number, score: number, cls: number) =>
  Array.from({ length: count }, () => ({ scores: [score, 100], cls }))

test('OPS-43 a promise is kept or missed by the medians; of too few runs it is neither', () => {
  expect(judge(runs(3, 95, 0.01), [95, 100], 0.01)).toBe('kept')
  expect(judge([...runs(3, 95, 0.01), ...runs(2, 60, 0.5)], [95, 100], 0.01)).toBe('kept')
  expect(judge(runs(5, 94, 0), [95, 100], 0.01)).toBe('MISSED')
  expect(judge(runs(5, 100, 0.02), [95, 100], 0.01)).toBe('MISSED')
  expect(judge(runs(2, 100, 0), [95, 100], 0.01)).toBe('too few runs')
  expect(judge([], [95, 100], 0.01)).toBe('too few runs')
})

test('OPS-43 missed promises are returned', () => {
  const missed = printRows('A list', 'beside', [
    { what: 'open', measured: '9 ms', promise: '≤ 5 ms', kept: false },
    { what: '  tap', measured: '1 ms', promise: '≤ 5 ms', kept: true },
    { what: 'heap', measured: '3 MB' },
  ])
  expect(missed).toEqual(['A list: open'])
})
