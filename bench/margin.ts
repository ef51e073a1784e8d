import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../dev/dev-vars.ts'
import { freePort } from '../tests/support/free-port.ts'

/** Starts the whole product as `npm start` does, on free ports and a new database, with the site that was built last. */
export async function startMargin() {
  const port = await freePort()
  const dbPort = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'margin-bench-'))
  const child = spawn(process.execPath, ['dev/local.ts', '--no-build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      DB_PORT: String(dbPort),
      DATA_DIR: folder,
      BETTER_AUTH_SECRET: 'a-secret-for-measuring-that-is-long-enough',
    },
  })
  const ended = once(child, 'close')
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('Margin is at') && resolve())
    void ended.then(() => reject(new Error('Margin did not start')))
  })
  const origin = `http://localhost:${port}`
  return {
    origin,
    register: (tasks: number) => register(origin, dbPort, tasks),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Registers a user and gives them that many tasks; returns their cookies. */
async function register(origin: string, dbPort: number, tasks: number) {
  const email = `ann-${Date.now()}@example.com`
  const joined = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ name: 'Ann', email, password: 'correct horse battery' }),
  })
  if (!joined.ok) throw new Error(`registering answered ${joined.status}: ${await joined.text()}`)
  const { user } = (await joined.json()) as { user: { id: string } }
  const added = await fetch(`http://127.0.0.1:${dbPort}/sql`, {
    method: 'POST',
    headers: { 'Neon-Connection-String': 'postgres://margin:margin@localhost/margin' },
    body: JSON.stringify({ query: INSERT, params: [user.id, String(tasks)] }),
  })
  if (!added.ok) throw new Error(`the tasks could not be added: ${await added.text()}`)
  return joined.headers.getSetCookie().map((line) => {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
    return { name, value }
  })
}

const INSERT = `insert into tasks (id, user_id, title, completed, created_at, updated_at)
  select gen_random_uuid(), $1, 'Call the dentist about the invoice ' || n, n % 3 = 0, t, t
  from (select n, date_trunc('milliseconds', now()) - n * interval '1 minute' as t from generate_series(1, $2::int) n) as made`
