import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ROOT } from '../../dev/dev-vars.ts'
import { freePort } from './free-port.ts'

export const SECRET = 'a-secret-for-tests-that-is-long-enough'

/** Returns a temporary folder, which is removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'margin-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Runs a script of this project to its end, with only `env` in its environment; returns what both streams printed. */
export async function runHere(command: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DEV_VARS: join(ROOT, 'no-such-file'),
      ...env,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

/** A command that takes root's special rights to files from what it runs; other users need none. Debian has it. */
export const UNPRIVILEGED =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []

/**
 * Runs `npm start` as a process of its own, on free ports and in a new folder unless `env` says otherwise; the command `by`
 * goes before it.
 */
export async function start(env: Record<string, string | undefined> = {}, by: string[] = []) {
  const folder = newFolder()
  const port = await freePort()
  const [command, ...args] = [...by, process.execPath, 'dev/local.ts', '--no-build']
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(port),
      DB_PORT: String(await freePort()),
      DATA_DIR: join(folder, 'data'),
      DEV_VARS: join(folder, 'dev.vars'),
      ...env,
    },
  })
  const said = { out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.error += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  /** Resolves when it prints that it is ready. @throws Error with what it printed when it ends instead */
  const ready = () =>
    new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => said.out.includes('Margin is at') && resolve())
      void ended.then((end) => reject(new Error(`npm start ended with ${end}: ${said.out}${said.error}`)))
    })
  return { child, said, ended, ready, folder, port, origin: `http://localhost:${env['PORT'] ?? port}` }
}
