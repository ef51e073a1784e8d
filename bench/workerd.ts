import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT } from '../dev/dev-vars.ts'
import { freePort } from '../tests/support/free-port.ts'

const WORKERD = join(ROOT, 'node_modules/.bin/workerd')
const START_TIMEOUT_MS = 120_000

/** The source of each module of a Worker by name; `index.js` is its entry. */
export type Modules = Record<string, string>

/** Runs modules in workerd directly: nothing is between the socket and the Worker, no proxy and no inspector. */
export async function startWorkerd(modules: Modules, settings: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'margin-bench-'))
  const port = await freePort()
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'config.capnp'), configOf(port, modules, settings), { mode: 0o600 })
  const child = spawn(WORKERD, ['serve', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  await waitUntilUp(url)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Writes the configuration (see workerd.capnp). The date is that of wrangler.toml, whose flag it includes. */
function configOf(port: number, modules: Modules, settings: Record<string, string>): string {
  // The first module is the entry.
  const embedded = Object.keys(modules)
    .toSorted((a, b) => Number(b === 'index.js') - Number(a === 'index.js'))
    .map((name) => `(name = "${name}", esModule = embed "${name}")`)
  const bindings = Object.entries(settings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [${embedded.join(', ')}],
      compatibilityDate = "2026-11-01",
      bindings = [${bindings.join(', ')}],
      globalOutbound = "network")),
    (name = "network", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
`
}

async function waitUntilUp(url: string) {
  for (const started = Date.now(); Date.now() - started < START_TIMEOUT_MS; await pause(50)) {
    const status = await fetch(`${url}/api/health`).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => undefined,
    )
    if (status !== undefined) return
  }
  throw new Error(`workerd does not answer at ${url}`)
}
