import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ROOT, type Variables } from './dev-vars.ts'

/** How long a process may take to end by itself. */
const STOP_PATIENCE_MS = 4_000

/** Lines of a child's last words that are shown. */
const LAST_LINES = 30

/** The end of a complaint about a child that failed: what to do, then its last words below. */
export const failureHint = (program: string, lines: readonly string[]) =>
  [`mend what ${program} says below and start again`, ...lines.slice(-LAST_LINES)].join('\n')

export interface Child {
  /** How it ended: its exit code, or the signal's name. */
  ended: Promise<number | string>
  /** Ends it and all that it has started. */
  stop: () => Promise<void>
}

export interface ChildOptions {
  /** Script and arguments for Node. */
  command: string[]
  env?: Variables
  /** Told of each line it prints, on either stream. */
  onLine: (line: string) => void
}

/** Starts a Node program in a process group of its own, so that a Ctrl-C in the terminal reaches us alone. */
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
  // The pipes close when the last process of the group is gone.
  const allEnded = once(child, 'close')

  function signal(name: NodeJS.Signals) {
    try {
      if (child.pid === undefined || process.platform === 'win32') child.kill(name)
      else process.kill(-child.pid, name)
    } catch {
      // Nobody is left in the group.
    }
  }
  return {
    ended,
    async stop() {
      signal('SIGTERM')
      const late = setTimeout(() => signal('SIGKILL'), STOP_PATIENCE_MS)
      await allEnded
      clearTimeout(late)
    },
  }
}
