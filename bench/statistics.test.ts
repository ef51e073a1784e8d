import { expect, test } from 'vitest'
import { median, quantile, slowRuns } from './statistics.ts'

test('OPS-43 the median is the middle, whatever the order and the count', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10)
})

test('OPS-43 a run on a slowed machine is told apart, one that is only a little slower is not', () => {
  expect(slowRuns([2000, 1950, 2050, 700, 1990])).toEqual([false, false, false, true, false])
  expect(slowRuns([2000, 1950, 2050, 1900, 1990])).toEqual([false, false, false, false, false])
  expect(slowRuns([1200, 900, 600, 1100, 1900])).toEqual([false, false, false, false, false])
  expect(slowRuns([600, 610, 590], 1000)).toEqual([true, true, true])
})
