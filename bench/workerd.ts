import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT } from '../dev/dev-vars.ts'
import { freePort } from '../tests/support/free-port.ts'

const WORKERD = join(ROOT, 'node_modules/.bin/workerd')
const START_WITHIN_MS = 20_000

/** The text of each module of a Worker by its name; `index.js` is what runs. */
export type Modules = Record<string, string>

/** Runs modules in workerd itself: no proxy, no inspector, nothing between socket and Worker. */
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
  await answers(url)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** See workerd.capnp. The date is that of wrangler.toml; its flag has become a default. */
function configOf(port: number, modules: Modules, settings: Record<string, string>): string {
  // The first is the one that runs.
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

async function answers(url: string) {
  for (const started = Date.now(); Date.now() - started < START_WITHIN_MS; await pause(50)) {
    const status = await fetch(`${url}/api/health`).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => undefined,
    )
    if (status !== undefined) return
  }
  throw new Error(`workerd does not answer at ${url}`)
}
