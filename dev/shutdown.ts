import { readFileSync } from 'node:fs'
import { reasonOf } from './command.ts'

const PARENT_POLL_MS = 500
/** npm forwards a Ctrl-C that the terminal has sent to this process already: signals within this time are one. */
const SAME_SIGNAL_MS = 1_000
/** Longest that stopping everything may take, ms. */
const STOP_ALL_TIMEOUT_MS = 10_000

/**
 * Resolves at the first signal to stop, or when the npm that started this process has ended. A second signal ends the
 * process at once.
 */
export function shutdownSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstSignalAt: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        firstSignalAt ??= Date.now()
        if (Date.now() - firstSignalAt > SAME_SIGNAL_MS) forceExit()
        resolve()
      })
    // The reader of our output may end first.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    // Without npm, as in the script of a service manager, this process may outlive its parent.
    if (!process.env['npm_lifecycle_event']) return
    const parents = readParents()
    setInterval(() => {
      if (readParents() !== parents) resolve()
    }, PARENT_POLL_MS).unref()
  })
}

/** Calls each of these in turn, even when one fails; exits with 1 when they take too long. */
export async function stopAll(stops: readonly (() => unknown)[]) {
  const timer = setTimeout(forceExit, STOP_ALL_TIMEOUT_MS)
  for (const stop of stops)
    try {
      await stop()
    } catch (error) {
      console.error(`margin: while stopping: ${reasonOf(error)}`)
    }
  clearTimeout(timer)
}

/** The processes that this one started end by themselves (die-with-parent.ts), and its lock is stale then. */
function forceExit(): never {
  console.error('margin: ended before everything had stopped; nothing that was acknowledged is lost')
  process.exit(1)
}

/** Identifies the parent process and, if that is just the shell that npm runs scripts in, the shell's parent. */
function readParents(): string {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const [, shell, parent] = /\((sh|dash|bash)\) \S (\d+)/.exec(stat) ?? []
    return shell ? `${process.ppid} ${parent}` : `${process.ppid}`
  } catch {
    return `${process.ppid}`
  }
}
