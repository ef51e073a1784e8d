import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../dev/dev-vars.ts'

const PORT = Number(process.env['BENCH_PORT'] ?? 8795)
const DB_PORT = Number(process.env['BENCH_DB_PORT'] ?? 4495)

/** The whole product as a person starts it, with the site as it was built last, on a database of its own. */
export async function startProduct() {
  const folder = mkdtempSync(join(tmpdir(), 'margin-bench-'))
  const child = spawn(process.execPath, ['dev/local.ts', '--no-build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(PORT),
      DB_PORT: String(DB_PORT),
      DATA_DIR: folder,
      BETTER_AUTH_SECRET: 'a-secret-for-measuring-that-is-long-enough',
    },
  })
  const ended = once(child, 'close')
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('Margin is at') && resolve())
    void ended.then(() =>
      reject(new Error('the product did not start; is a port taken? BENCH_PORT, BENCH_DB_PORT')),
    )
  })
  const origin = `http://localhost:${PORT}`
  return {
    origin,
    register: (tasks: number) => register(origin, tasks),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Somebody new with that many tasks: their cookies, as name and value. */
async function register(origin: string, tasks: number) {
  const email = `ann-${Date.now()}@example.com`
  const joined = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ name: 'Ann', email, password: 'correct horse battery' }),
  })
  if (!joined.ok) throw new Error(`registering answered ${joined.status}: ${await joined.text()}`)
  const { user } = (await joined.json()) as { user: { id: string } }
  const made = await fetch(`http://127.0.0.1:${DB_PORT}/sql`, {
    method: 'POST',
    headers: { 'Neon-Connection-String': 'postgres://margin:margin@localhost/margin' },
    body: JSON.stringify({ query: INSERT, params: [user.id, String(tasks)] }),
  })
  if (!made.ok) throw new Error(`the tasks could not be made: ${await made.text()}`)
  return joined.headers.getSetCookie().map((line) => {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
    return { name, value }
  })
}

const INSERT = `insert into tasks (id, user_id, title, completed, created_at, updated_at)
  select gen_random_uuid(), $1, 'Call the dentist about the invoice ' || n, n % 3 = 0, t, t
  from (select n, date_trunc('milliseconds', now()) - n * interval '1 minute' as t from generate_series(1, $2::int) n) as made`
