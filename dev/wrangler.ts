import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failureHint, startChild, type Child } from './child.ts'
import { UserError } from './command.ts'
import type { LocalSettings } from './local-settings.ts'

export const WRANGLER = fileURLToPath(new URL('../bin/wrangler.js', import.meta.resolve('wrangler')))

/** Nothing is sent or fetched: no metrics, no look for updates, no sample of Cloudflare's request data. */
export const WRANGLER_QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

const READY_WITHIN_MS = 90_000
const LOOK_EVERY_MS = 100

/** What wrangler says all along: its own bindings, and a line for each request. */
const CHATTER = /^\s*$|\[wrangler:info\]|Using secrets defined in|^⎔ /

export interface Worker extends Child {
  /** Resolves when the Worker answers; rejects with wrangler's last words when it does not. */
  ready(): Promise<void>
}

/** Starts the Worker in workerd. Its state, like the database, is kept in the data folder. */
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
      // Another Margin on this machine must not be found, nor find this one.
      WRANGLER_REGISTRY_PATH: join(dataDir, 'worker/registry'),
      WRANGLER_LOG_PATH: join(dataDir, 'worker/logs'),
    },
    onLine: (line) => {
      if (CHATTER.test(line)) return
      if (up) return onLine(line)
      lines.push(line)
    },
  })

  async function ready() {
    const started = Date.now()
    const ended = child.ended.then(() => true)
    while (!(await answers(port))) {
      if (await Promise.race([ended, pause(LOOK_EVERY_MS)]))
        throw new UserError(`the Worker did not start: ${failureHint('wrangler', lines)}`)
      if (Date.now() - started > READY_WITHIN_MS)
        throw new UserError(
          `the Worker did not answer within ${READY_WITHIN_MS / 1000} s: ${failureHint('wrangler', lines)}`,
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

async function answers(port: number): Promise<boolean> {
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

/** A file that only its owner may read, rather than arguments, which every user of the machine can see. */
function writeSettings(path: string, settings: Record<string, string>) {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quote(value)}\n`)
  // The mode counts for a new file alone.
  rmSync(path, { force: true })
  writeFileSync(path, lines.join(''), { mode: 0o600 })
}

/** Wrangler expands $NAME even between quotes. */
function quote(value: string): string {
  const mark = [`'`, '"', '`'].find((each) => !value.includes(each)) ?? `'`
  return mark + value.replaceAll('$', '\\$') + mark
}
