/** Rows from `from` up to, not including, `to`. */
export interface Span {
  from: number
  to: number
}

/** A row that is drawn, and the empty pixels above it where others are left out. */
export interface DrawnRow {
  index: number
  gap: number
}

/** Where each row begins, in pixels from the top of the list; the last entry is where the list ends. */
export function offsetsOf(count: number, heightOf: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1)
  for (let index = 0; index < count; index++) offsets[index + 1] = offsetAt(offsets, index) + heightOf(index)
  return offsets
}

export const offsetAt = (offsets: Float64Array, index: number): number => offsets[index] ?? 0

/** The row at `y` pixels from the top of the list; the first or last where there is none. */
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

/** The rows that show between two heights of the list. */
export function spanBetween(offsets: Float64Array, top: number, bottom: number): Span {
  const count = offsets.length - 1
  const end = offsetAt(offsets, count)
  if (count === 0 || bottom < 0 || top > end) return { from: 0, to: 0 }
  return { from: rowAt(offsets, top), to: rowAt(offsets, bottom) + 1 }
}

/** What to draw: the span and the pinned rows, each at its own place, and the empty pixels after the last. */
export function drawnRows(
  offsets: Float64Array,
  { from, to }: Span,
  pinned: readonly number[],
): { rows: readonly DrawnRow[]; tail: number } {
  const count = offsets.length - 1
  const indexes = new Set(pinned.filter((index) => index >= 0 && index < count))
  for (let index = from; index < to; index++) indexes.add(index)
  let end = 0
  const rows = [...indexes]
    .sort((a, b) => a - b)
    .map((index) => {
      const gap = offsetAt(offsets, index) - offsetAt(offsets, end)
      end = index + 1
      return { index, gap }
    })
  return { rows, tail: offsetAt(offsets, count) - offsetAt(offsets, end) }
}
