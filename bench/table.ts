/** One measured figure beside what is promised. */
export interface Row {
  what: string
  measured: string
  /** The figure of the floor or baseline in the same run. */
  beside?: string
  promise?: string
  /** Whether the promise is kept; undefined when there is none. */
  kept?: boolean
}

/** Prints rows in columns that are as wide as their widest cell. */
export function printTable(title: string, columns: readonly string[], rows: readonly (readonly string[])[]) {
  const all = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  console.log(`\n${title}`)
  console.log(line(columns))
  console.log(widths.map((width) => '─'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(row))
}

/** Prints what was measured beside what is promised. Returns the promises that were missed. */
export function printRows(title: string, beside: string, rows: readonly Row[]): string[] {
  printTable(
    title,
    ['', 'measured', beside, 'promise', ''],
    rows.map((row) => [
      row.what,
      row.measured,
      row.beside ?? '',
      row.promise ?? '',
      row.kept === undefined ? '' : row.kept ? 'kept' : 'MISSED',
    ]),
  )
  return rows.filter(({ kept }) => kept === false).map(({ what }) => `${title}: ${what.trim()}`)
}
