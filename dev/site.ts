import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failureHint, startChild, type Child } from './child.ts'
import { UserError, formatElapsed } from './command.ts'
import type { LocalSettings } from './local-settings.ts'

const ASTRO = fileURLToPath(new URL('bin/astro.mjs', import.meta.resolve('astro/package.json')))
const ENV = { ASTRO_TELEMETRY_DISABLED: '1' }
const SITE_POLL_MS = 100

/** Builds the static site into web/dist; `built` resolves with a line for the user. */
export function buildSite(): Child & { built(): Promise<string> } {
  const startedAt = Date.now()
  const lines: string[] = []
  const child = startChild({
    command: [ASTRO, 'build', '--root', 'web'],
    env: ENV,
    onLine: (line) => lines.push(line),
  })
  const built = child.ended.then((end) => {
    if (end === 0) return `built in ${formatElapsed(startedAt)}`
    throw new UserError(`the site could not be built: ${failureHint('astro', lines)}`)
  })
  // A failure is reported by whoever awaits `built`; until then, it must not count as unhandled.
  built.catch(() => {})
  return { ...child, built: () => built }
}

/** Starts Astro's server, which reloads pages as their sources change and forwards API calls to the Worker. */
export function startHotSite({ hotPort, port }: LocalSettings): Child & { ready(): Promise<void> } {
  const lines: string[] = []
  let up = false
  const child = startChild({
    command: [ASTRO, 'dev', '--root', 'web', '--port', String(hotPort), '--host', '127.0.0.1'],
    env: { ...ENV, API_URL: `http://127.0.0.1:${port}` },
    onLine: (line) => (up ? console.log(line) : lines.push(line)),
  })
  async function ready() {
    const ended = child.ended.then(() => true)
    while (!(await isSiteUp(hotPort)))
      if (await Promise.race([ended, pause(SITE_POLL_MS)]))
        throw new UserError(`the site's server did not start: ${failureHint('astro', lines)}`)
    up = true
  }
  return { ...child, ready }
}

const isSiteUp = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.ok,
    () => false,
  )
