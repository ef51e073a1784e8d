export type LogLevel = 'info' | 'warn' | 'error'

/**
 * Writes one line of JSON to the log: the only place of the Worker that does. `fields` hold what we know and name
 * ourselves, never text of a request, SQL, its parameters or a connection string.
 */
export function log(level: LogLevel, fields: Record<string, unknown>): void {
  const line = JSON.stringify({ level, ...fields })
  if (level === 'error') console.error(line)
  else if (level === 'warn') console.warn(line)
  else console.info(line)
}
