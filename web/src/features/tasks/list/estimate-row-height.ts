import type { Task } from '#contract/task.ts'

/** What the height of a row depends on besides its text. */
export interface ListMetrics {
  widthPx: number
  remPx: number
}

// As in styles/task-list.css.
const ROW_REM = 3
const TITLE_LINE_REM = 1.594
const NOTE_LINE_REM = 1.406
const NOTE_GAP_REM = 0.125
/** Margin column, gutters and, in a wide list, the button at the end of the row. */
const WIDE_CHROME_REM = 10.5
const NARROW_CHROME_REM = 5
const NARROW_BELOW_REM = 40
/** Average width of a character of plain text. */
const TITLE_CHAR_REM = 0.52
const NOTE_CHAR_REM = 0.46
const NOTE_MAX_LINES = 2

/** Estimates the height of a row, in pixels, before it has been rendered and measured. */
export function estimateRowHeight({ title, description }: Task, { widthPx, remPx }: ListMetrics): number {
  const width = widthPx / remPx
  const column = Math.max(6, width - (width < NARROW_BELOW_REM ? NARROW_CHROME_REM : WIDE_CHROME_REM))
  const titleLines = Math.max(1, Math.ceil((title.length * TITLE_CHAR_REM) / column))
  const noteLines = description ? Math.ceil((description.length * NOTE_CHAR_REM) / column) : 0
  const note = noteLines > 0 ? NOTE_GAP_REM + NOTE_LINE_REM * Math.min(NOTE_MAX_LINES, noteLines) : 0
  return (ROW_REM + TITLE_LINE_REM * (titleLines - 1) + note) * remPx
}
