import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 500

/**
 * Resolves when the person, the system or the end of the npm that started us asks to stop. Later signals are swallowed:
 * npm passes on a Ctrl-C that the terminal has already sent here, and the stopping must not be torn by it.
 */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
    // Whoever read our words may be gone first.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    // Started without npm, as by a service manager's script, we may well outlive our parent.
    if (!process.env['npm_lifecycle_event']) return
    const parents = parentsNow()
    setInterval(() => {
      if (parentsNow() !== parents) resolve()
    }, LOOK_EVERY_MS).unref()
  })
}

/** Our parent and, where that is no more than the shell that npm puts in between, the shell's. */
function parentsNow(): string {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const [, shell, parent] = /\((sh|dash|bash)\) \S (\d+)/.exec(stat) ?? []
    return shell ? `${process.ppid} ${parent}` : `${process.ppid}`
  } catch {
    return `${process.ppid}`
  }
}
