import { readFileSync } from 'node:fs'
import { reasonOf } from './command.ts'

const LOOK_EVERY_MS = 500
/** npm passes on a Ctrl-C that the terminal has already sent here: what comes within this is the same one. */
const SAME_SIGNAL_MS = 1_000
/** How long all of the stopping may take. */
const STOP_WITHIN_MS = 10_000

/**
 * Resolves when the person, the system or the end of the npm that started us asks to stop. Who asks a second time ends
 * this process at once.
 */
export function shutdownSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        asked ??= Date.now()
        if (Date.now() - asked > SAME_SIGNAL_MS) endNow()
        resolve()
      })
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

/** Stops one after the other, whatever becomes of those before; what is not done in time is left. */
export async function stopAll(stops: readonly (() => unknown)[]) {
  const late = setTimeout(endNow, STOP_WITHIN_MS)
  for (const stop of stops)
    try {
      await stop()
    } catch (error) {
      console.error(`margin: while stopping: ${reasonOf(error)}`)
    }
  clearTimeout(late)
}

/** The processes that we started see that we are gone, and end (die-with-parent.ts); so does the lock. */
function endNow(): never {
  console.error('margin: ended before everything had stopped; nothing that was acknowledged is lost')
  process.exit(1)
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
