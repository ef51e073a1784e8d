import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertySeed } from '../../../../../tests/support/property-seed.ts'
import { computeOffsets, layoutRows, rowAt, rowsBetween } from './virtual-rows.ts'

fc.configureGlobal({ seed: propertySeed(20_261_121) })

const heights = fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 200 })
const offsetsFrom = (rows: readonly number[]) => computeOffsets(rows.length, (index) => rows[index] ?? 0)

test('WEB-50 rows of different heights are found by their offset', () => {
  const offsets = offsetsFrom([48, 73, 48])
  expect([...offsets]).toEqual([0, 48, 121, 169])
  expect([-5, 0, 47, 48, 120, 121, 168, 500].map((y) => rowAt(offsets, y))).toEqual([0, 0, 0, 1, 1, 2, 2, 2])
  expect(rowsBetween(offsets, 50, 130)).toEqual({ start: 1, end: 3 })
  expect(rowsBetween(offsets, 400, 900)).toEqual({ start: 0, end: 0 })
  expect(rowsBetween(offsetsFrom([]), 0, 900)).toEqual({ start: 0, end: 0 })
})

test('WEB-50 any selection of rows keeps each at its own offset and the list at its full height', () => {
  fc.assert(
    fc.property(heights, fc.nat(20_000), fc.nat(2_000), fc.array(fc.nat(220)), (rows, top, size, pinned) => {
      const offsets = offsetsFrom(rows)
      const layout = layoutRows(offsets, rowsBetween(offsets, top, top + size), pinned)
      let y = 0
      for (const { index, gapPx } of layout.rows) {
        y += gapPx
        expect(y).toBe(offsets[index])
        y += rows[index] ?? 0
      }
      expect(y + layout.tailPx).toBe(offsets.at(-1))
      const rendered = layout.rows.map(({ index }) => index)
      const visible = rows
        .map((_, index) => index)
        .filter((index) => {
          const [start = 0, end = 0] = offsets.slice(index, index + 2)
          return end > top && start <= top + size
        })
      expect(rendered).toEqual(
        expect.arrayContaining([...visible, ...pinned.filter((index) => index < rows.length)]),
      )
    }),
  )
})
