import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ROOT, type Variables } from './dev-vars.ts'

/** Longest that a process may take to end after SIGTERM, ms. */
const STOP_TIMEOUT_MS = 4_000

/** Lines of a failed child's output that are shown. */
const OUTPUT_LINES_MAX = 30

/** Returns the end of an error message about a child that failed: what to do, then its last lines of output. */
export const failureHint = (program: string, lines: readonly string[]) =>
  [`mend what ${program} says below and start again`, ...lines.slice(-OUTPUT_LINES_MAX)].join('\n')

export interface Child {
  /** Resolves with its exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>
  /** Ends it and every process that it has started. */
  stop: () => Promise<void>
}

export interface ChildOptions {
  /** Script and arguments for Node. */
  command: string[]
  env?: Variables
  /** Called with each line it prints, on either stream. */
  onLine: (line: string) => void
}

/** Starts a Node program in a process group of its own, so that a Ctrl-C in the terminal reaches this process only. */
export function startChild({ command, env, onLine }: ChildOptions): Child {
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...env,
      MARGIN_PARENT: String(process.pid),
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${import.meta.resolve('./die-with-parent.ts')}`,
    },
  })
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', onLine)
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  // The pipes close when the last process of the group has ended.
  const allEnded = once(child, 'close')

  function signal(name: NodeJS.Signals) {
    try {
      if (child.pid === undefined || process.platform === 'win32') child.kill(name)
      else process.kill(-child.pid, name)
    } catch {
      // No process is left in the group.
    }
  }
  return {
    ended,
    async stop() {
      signal('SIGTERM')
      const timer = setTimeout(() => signal('SIGKILL'), STOP_TIMEOUT_MS)
      await allEnded
      clearTimeout(timer)
    },
  }
}
