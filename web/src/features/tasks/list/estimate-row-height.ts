import type { Task } from '#contract/task.ts'

/** What the height of a row depends on, in pixels. */
export interface Sheet {
  width: number
  rem: number
}

/** In rem, as styles/task-list.css has them. */
const ROW = 3
const TITLE_LINE = 1.594
const NOTE_LINE = 1.406
const NOTE_GAP = 0.125
/** Margin column, gutters and, where there is room for it, the button at the end. */
const BESIDE_WIDE = 10.5
const BESIDE_NARROW = 5
const NARROW_BELOW = 40
/** Width of a letter, on the average of plain text. */
const TITLE_LETTER = 0.52
const NOTE_LETTER = 0.46
const NOTE_LINES_MAX = 2

/** How high a row will be, more or less, before it has been drawn and measured. */
export function estimateRowHeight({ title, description }: Task, { width, rem }: Sheet): number {
  const wide = width / rem
  const column = Math.max(6, wide - (wide < NARROW_BELOW ? BESIDE_NARROW : BESIDE_WIDE))
  const titleLines = Math.max(1, Math.ceil((title.length * TITLE_LETTER) / column))
  const noteLines = description ? Math.ceil((description.length * NOTE_LETTER) / column) : 0
  const note = noteLines > 0 ? NOTE_GAP + NOTE_LINE * Math.min(NOTE_LINES_MAX, noteLines) : 0
  return (ROW + TITLE_LINE * (titleLines - 1) + note) * rem
}
