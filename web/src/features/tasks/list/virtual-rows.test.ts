import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertySeed } from '../../../../../tests/support/property-seed.ts'
import { drawnRows, offsetsOf, rowAt, spanBetween } from './virtual-rows.ts'

fc.configureGlobal({ seed: propertySeed(20_261_121) })

const heights = fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 200 })
const offsetsFrom = (rows: readonly number[]) => offsetsOf(rows.length, (index) => rows[index] ?? 0)

test('WEB-50 rows of any height are found by where they stand', () => {
  const offsets = offsetsFrom([48, 73, 48])
  expect([...offsets]).toEqual([0, 48, 121, 169])
  expect([-5, 0, 47, 48, 120, 121, 168, 500].map((y) => rowAt(offsets, y))).toEqual([0, 0, 0, 1, 1, 2, 2, 2])
  expect(spanBetween(offsets, 50, 130)).toEqual({ from: 1, to: 3 })
  expect(spanBetween(offsets, 400, 900)).toEqual({ from: 0, to: 0 })
  expect(spanBetween(offsetsFrom([]), 0, 900)).toEqual({ from: 0, to: 0 })
})

test('WEB-50 whatever is drawn, each row stands at its place and the list is as long as all of it', () => {
  fc.assert(
    fc.property(heights, fc.nat(20_000), fc.nat(2_000), fc.array(fc.nat(220)), (rows, top, size, pinned) => {
      const offsets = offsetsFrom(rows)
      const span = spanBetween(offsets, top, top + size)
      const drawn = drawnRows(offsets, span, pinned)
      let y = 0
      for (const { index, gap } of drawn.rows) {
        y += gap
        expect(y).toBe(offsets[index])
        y += rows[index] ?? 0
      }
      expect(y + drawn.tail).toBe(offsets.at(-1))
      const shown = drawn.rows.map(({ index }) => index)
      const inSight = rows
        .map((_, index) => index)
        .filter((index) => {
          const [start = 0, end = 0] = offsets.slice(index, index + 2)
          return end > top && start <= top + size
        })
      expect(shown).toEqual(
        expect.arrayContaining([...inSight, ...pinned.filter((index) => index < rows.length)]),
      )
    }),
  )
})
