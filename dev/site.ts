import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failureHint, startChild, type Child } from './child.ts'
import { UserError, since } from './command.ts'
import type { LocalSettings } from './local-settings.ts'

const ASTRO = fileURLToPath(new URL('bin/astro.mjs', import.meta.resolve('astro/package.json')))
const ENV = { ASTRO_TELEMETRY_DISABLED: '1' }
const LOOK_EVERY_MS = 100

/** Builds the static site into web/dist; `built` resolves with what to say of it. */
export function buildSite(): Child & { built(): Promise<string> } {
  const began = Date.now()
  const lines: string[] = []
  const child = startChild({
    command: [ASTRO, 'build', '--root', 'web'],
    env: ENV,
    onLine: (line) => lines.push(line),
  })
  const built = child.ended.then((end) => {
    if (end === 0) return `built in ${since(began)}`
    throw new UserError(`the site could not be built: ${failureHint('astro', lines)}`)
  })
  // The failure is told when it is asked for; until then it is no unhandled one.
  built.catch(() => {})
  return { ...child, built: () => built }
}

/** Astro's server, which reloads pages as their sources change and passes calls of the API to the Worker. */
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
    while (!(await answers(hotPort)))
      if (await Promise.race([ended, pause(LOOK_EVERY_MS)]))
        throw new UserError(`the site's server did not start: ${failureHint('astro', lines)}`)
    up = true
  }
  return { ...child, ready }
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.ok,
    () => false,
  )
