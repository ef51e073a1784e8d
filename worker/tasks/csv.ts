import type { TaskState } from '../contract/task.ts'

const FIELDS = ['id', 'title', 'description', 'completed', 'created_at', 'updated_at', 'deleted_at'] as const

/** A mark by which spreadsheets know UTF-8, and the names of the columns. */
export const csvHead = `\uFEFF${FIELDS.join(',')}\r\n`

/** Tasks as lines of RFC 4180. */
export const csvLines = (tasks: readonly TaskState[]): string =>
  tasks.map((task) => `${FIELDS.map((field) => cell(task[field])).join(',')}\r\n`).join('')

/** What spreadsheets take for the start of a formula, in its full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** Text that a spreadsheet would run is led by an apostrophe (OWASP, CSV injection). */
function cell(value: string | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
