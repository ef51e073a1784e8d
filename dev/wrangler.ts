import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failureHint, startChild, type Child } from './child.ts'
import { UserError } from './command.ts'
import type { LocalSettings } from './local-settings.ts'

export const WRANGLER = fileURLToPath(new URL('../bin/wrangler.js', import.meta.resolve('wrangler')))

/** Wrangler must send and fetch nothing: no metrics, no check for updates, no sample of Cloudflare's request data. */
export const WRANGLER_QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

const READY_TIMEOUT_MS = 90_000
const WORKER_POLL_MS = 100

/** Lines of wrangler that are not shown: its own bindings, and one for each request. */
const NOISE = /^\s*$|\[wrangler:info\]|Using secrets defined in|^⎔ /

export interface Worker extends Child {
  /** Resolves when the Worker answers; rejects with the end of wrangler's output when it does not. */
  ready(): Promise<void>
}

/** Starts the Worker in workerd, with its state in the data folder, where the database is too. */
export function startWorker(
  { port, dataDir, worker }: LocalSettings,
  onLine: (line: string) => void,
): Worker {
  const settingsFile = join(dataDir, 'settings.env')
  writeSettings(settingsFile, worker)
  const lines: string[] = []
  let up = false
  const child = startChild({
    // prettier-ignore
    command: [
      WRANGLER, 'dev',
      '--ip', '127.0.0.1', '--port', String(port),
      '--env-file', settingsFile, '--persist-to', join(dataDir, 'worker'),
      '--show-interactive-dev-session=false',
    ],
    env: {
      ...WRANGLER_QUIET,
      // Two Margins on one machine must not find each other.
      WRANGLER_REGISTRY_PATH: join(dataDir, 'worker/registry'),
      WRANGLER_LOG_PATH: join(dataDir, 'worker/logs'),
    },
    onLine: (line) => {
      if (NOISE.test(line)) return
      if (up) return onLine(line)
      lines.push(line)
    },
  })

  async function ready() {
    const startedAt = Date.now()
    const ended = child.ended.then(() => true)
    while (!(await isWorkerUp(port))) {
      if (await Promise.race([ended, pause(WORKER_POLL_MS)]))
        throw new UserError(`the Worker did not start: ${failureHint('wrangler', lines)}`)
      if (Date.now() - startedAt > READY_TIMEOUT_MS)
        throw new UserError(
          `the Worker did not answer within ${READY_TIMEOUT_MS / 1000} s: ${failureHint('wrangler', lines)}`,
        )
    }
    up = true
  }
  async function stop() {
    await child.stop()
    rmSync(settingsFile, { force: true })
  }
  return { ...child, stop, ready }
}

async function isWorkerUp(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health`, {
      signal: AbortSignal.timeout(5_000),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

/** Writes the settings to a file that only its owner can read: arguments are visible to every user of the machine. */
function writeSettings(path: string, settings: Record<string, string>) {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quote(value)}\n`)
  // The mode applies to new files only.
  rmSync(path, { force: true })
  writeFileSync(path, lines.join(''), { mode: 0o600 })
}

/** Quotes a value for wrangler, which expands $NAME even between quotes. */
function quote(value: string): string {
  const mark = [`'`, '"', '`'].find((each) => !value.includes(each)) ?? `'`
  return mark + value.replaceAll('$', '\\$') + mark
}
