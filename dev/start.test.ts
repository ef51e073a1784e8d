import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyPristine, pristineSnapshot } from '../tests/support/pristine-database.ts'
import { startRealPostgres } from '../tests/support/real-postgres.ts'
import { freePort } from '../tests/support/free-port.ts'
import { newFolder, runHere, SECRET, start } from '../tests/support/start.ts'
import type { TaskPage } from '../worker/contract/task.ts'
import { startGateway } from './neon-gateway.ts'

/** Each test starts the whole product, some of them twice. */
const SLOW = { timeout: 400_000 }

const answers = (origin: string) =>
  fetch(`${origin}/api/ready`).then(
    (response) => response.status,
    () => 'nobody',
  )

/** Registers a user at a running Margin; returns the API of tasks on their behalf. */
async function register(origin: string) {
  const json = { 'Content-Type': 'application/json' }
  const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }
  const joined = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { ...json, Origin: origin },
    body: JSON.stringify(person),
  })
  const Cookie = joined.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
  const answer = await fetch(`${origin}/api/auth/token`, { headers: { Cookie } })
  const { token } = (await answer.json()) as { token: string }
  const tasks = (init: RequestInit = {}) =>
    fetch(`${origin}/api/tasks`, { ...init, headers: { ...json, Authorization: `Bearer ${token}` } }).then(
      (response) => response.json(),
    )
  return {
    addTask: (title: string) => tasks({ method: 'POST', body: JSON.stringify({ title }) }),
    listTasks: async () => ((await tasks()) as TaskPage).tasks,
  }
}

test(
  'OPS-10 the first start makes the settings, with a secret of its own, and Ctrl-C ends all of it',
  SLOW,
  async () => {
    const data = join(newFolder(), 'data')
    // As a start leaves it that was killed while it made the database.
    mkdirSync(join(data, 'postgres.new'), { recursive: true })
    writeFileSync(join(data, 'postgres.new/PG_VERSION'), '18\n')
    const first = await start({ DATA_DIR: data })
    await first.ready()
    const file = join(first.folder, 'dev.vars')
    expect(readFileSync(file, 'utf8')).toMatch(/^BETTER_AUTH_SECRET="[\w+/]{43}="$/m)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await answers(first.origin)).toBe(200)
    first.child.kill('SIGINT')
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(first.said.error).toBe('')
    expect(await answers(first.origin)).toBe('nobody')
    expect([existsSync(join(data, 'lock')), existsSync(join(data, 'settings.env'))]).toEqual([false, false])
    const before = readFileSync(file, 'utf8')
    const second = await start({ DATA_DIR: data, DEV_VARS: file })
    await second.ready()
    expect(readFileSync(file, 'utf8')).toBe(before)
  },
)

test(
  'OPS-13 a folder in use is refused; that of a Margin that was killed is taken over, nothing lost',
  SLOW,
  async () => {
    const data = join(newFolder(), 'data')
    await copyPristine(join(data, 'postgres'))
    const killed = await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: data })
    await killed.ready()
    const refused = await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: data })
    expect(await refused.ended).toBe(1)
    expect(refused.said).toEqual({
      out: '',
      error: `margin: the data folder ${data} is in use by process ${killed.child.pid}: stop that one, or take another: DATA_DIR=… npm start\n`,
    })
    const ann = await register(killed.origin)
    // One after the other, with nothing between the last answer and the kill.
    const kept = [await ann.addTask('One'), await ann.addTask('Two'), await ann.addTask('Three')]
    killed.child.kill('SIGKILL')
    await killed.ended
    // The Worker ends too, once the process that started it is gone.
    await expect.poll(() => answers(killed.origin)).toBe('nobody')
    const next = await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: data, PORT: String(killed.port) })
    await next.ready()
    expect(await ann.listTasks()).toEqual(kept.toReversed())
  },
)

test(
  'OPS-14 on a PostgreSQL of one’s own; the Worker ending by itself ends the rest with one line',
  SLOW,
  async () => {
    const real = await startRealPostgres()
    onTestFinished(real.stop)
    const started = await start({ BETTER_AUTH_SECRET: SECRET, LOCAL_DATABASE_URL: real.url })
    await started.ready()
    expect(started.said.out).toMatch(/database +127\.0\.0\.1:\d+\/postgres, \d+ migrations? applied/)
    const seeded = await runHere([
      'dev/seed.ts',
      '--email',
      'ann@example.com',
      '--tasks',
      '20',
      '--url',
      started.origin,
    ])
    expect(seeded).toEqual({
      code: 0,
      said: expect.stringContaining('20 tasks added for ann@example.com') as string,
    })
    const [worker] = execFileSync('pgrep', ['-P', String(started.child.pid)], { encoding: 'utf8' }).split(
      '\n',
    )
    process.kill(Number(worker), 'SIGKILL')
    expect(await started.ended).toBe(1)
    expect(started.said.error).toMatch(
      /margin: the Worker \(wrangler\) ended by itself \(SIGKILL\); all the rest is stopped\n$/,
    )
    expect(await answers(started.origin)).toBe('nobody')
  },
)

test(
  'OPS-15 with a NEON_FETCH_ENDPOINT no gateway is started, and the environment wins over the file',
  SLOW,
  async () => {
    const snapshot = await pristineSnapshot()
    const gateway = await startGateway({ database: 'memory://', snapshot, port: 0 })
    onTestFinished(gateway.close)
    const dbPort = await freePort()
    const started = await start({
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: 'postgres://margin:p$HOME\'"@localhost/margin',
      NEON_FETCH_ENDPOINT: gateway.url,
      ALLOWED_ORIGINS: 'https://friend.example',
      DB_PORT: String(dbPort),
    })
    await started.ready()
    expect(await gateway.query('select count(*) from tasks')).toEqual([{ count: '0' }])
    const response = await fetch(`${started.origin}/api/ready`, {
      headers: { origin: 'https://friend.example' },
    })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://friend.example')
    await expect(fetch(`http://127.0.0.1:${dbPort}/sql`)).rejects.toThrow('fetch failed')
  },
)
