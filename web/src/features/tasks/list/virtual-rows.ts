/** Rows from `start` up to, not including, `end`. */
export interface RowRange {
  start: number
  end: number
}

/** A row to render, with the height of the rows left out right above it. */
export interface VirtualRow {
  index: number
  gapPx: number
}

/** Returns where each row begins, in pixels from the top of the list; the last entry is where the list ends. */
export function computeOffsets(count: number, heightAt: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1)
  for (let index = 0; index < count; index++) offsets[index + 1] = offsetAt(offsets, index) + heightAt(index)
  return offsets
}

export const offsetAt = (offsets: Float64Array, index: number): number => offsets[index] ?? 0

/** Returns the index of the row `y` pixels from the top of the list, by binary search; clamped to the list. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0
  let high = Math.max(0, offsets.length - 2)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (offsetAt(offsets, middle) <= y) low = middle
    else high = middle - 1
  }
  return low
}

/** Returns the rows between two distances from the top of the list, in pixels. */
export function rowsBetween(offsets: Float64Array, top: number, bottom: number): RowRange {
  const count = offsets.length - 1
  const end = offsetAt(offsets, count)
  if (count === 0 || bottom < 0 || top > end) return { start: 0, end: 0 }
  return { start: rowAt(offsets, top), end: rowAt(offsets, bottom) + 1 }
}

/** Lays out the rows of the range and the pinned ones, each at its own offset; `tailPx` is the height after the last. */
export function layoutRows(
  offsets: Float64Array,
  { start, end }: RowRange,
  pinned: readonly number[],
): { rows: readonly VirtualRow[]; tailPx: number } {
  const count = offsets.length - 1
  const indexes = new Set(pinned.filter((index) => index >= 0 && index < count))
  for (let index = start; index < end; index++) indexes.add(index)
  let next = 0
  const rows = [...indexes]
    .sort((a, b) => a - b)
    .map((index) => {
      const gapPx = offsetAt(offsets, index) - offsetAt(offsets, next)
      next = index + 1
      return { index, gapPx }
    })
  return { rows, tailPx: offsetAt(offsets, count) - offsetAt(offsets, next) }
}
