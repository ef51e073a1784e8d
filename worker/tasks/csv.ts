import { TaskState } from '../contract/task.ts'

const fields = TaskState.omit({ user_id: true }).keyof().options

/** A byte order mark, by which spreadsheets recognise UTF-8, and the names of the columns. */
export const csvHead = `\uFEFF${fields.join(',')}\r\n`

/** Returns tasks as CSV records (RFC 4180). */
export const csvLines = (tasks: readonly TaskState[]): string =>
  tasks.map((task) => `${fields.map((field) => cell(task[field])).join(',')}\r\n`).join('')

/** Characters that spreadsheets take for the start of a formula, their full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** Returns a value as a cell; text that a spreadsheet would run gets a leading apostrophe (OWASP, CSV injection). */
function cell(value: string | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
