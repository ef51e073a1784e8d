import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { BUNDLE, readRecord } from '../dev/bundle-record.ts'
import { ROOT } from '../dev/dev-vars.ts'
import { migrate } from '../dev/migrate.ts'
import { startGateway } from '../dev/neon-gateway.ts'
import { pristineSnapshot } from '../tests/support/pristine-database.ts'
import { startWorkerd, type Modules } from './workerd.ts'

const ORIGIN = 'http://localhost:8787'
const DATABASE_URL = 'postgres://margin:margin@localhost/margin'

/** Starts the built Worker and its floor, each in workerd, in front of one database with a user who has `tasks` tasks. */
export async function startStage({ tasks }: { tasks: number }) {
  const gateway = await startGateway({
    database: 'memory://',
    snapshot: await pristineSnapshot(),
    port: 0,
  })
  await migrate({ databaseUrl: DATABASE_URL, endpoint: gateway.url })
  const startMargin = (endpoint: string) =>
    startWorkerd(bundle, {
      DATABASE_URL,
      NEON_FETCH_ENDPOINT: endpoint,
      BETTER_AUTH_SECRET: 'a-secret-for-measuring-that-is-long-enough',
      BETTER_AUTH_URL: ORIGIN,
    })
  const bundle = bundleWorker()
  const worker = await startMargin(gateway.url)
  const user = await register(worker.url)
  await gateway.query(
    `insert into tasks (id, user_id, title, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Call the dentist about the invoice ' || n, n % 3 = 0, t, t
     from (select n, date_trunc('milliseconds', now()) - n * interval '1 minute' as t from generate_series(1, $2::int) n) as made`,
    [user.id, tasks],
  )
  const sqlRequest = await captureSqlRequest(gateway.url, startMargin, (url) =>
    fetch(`${url}/api/tasks`, user.withToken),
  )
  const floor = await startWorkerd({ 'index.js': floorModule() }, { ENDPOINT: gateway.url, ...sqlRequest })
  return {
    worker: worker.url,
    floor: floor.url,
    user,
    sqlRequest,
    async close() {
      await Promise.all([worker.stop(), floor.stop()])
      await gateway.close()
    },
  }
}

/** Returns the modules of the Worker as it would be deployed, by name. */
function bundleWorker(): Modules {
  execFileSync(process.execPath, ['dev/bundle.ts'], { cwd: ROOT })
  const names = Object.keys(readRecord().files).filter((name) => name.endsWith('.js'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(BUNDLE, name), 'utf8')]))
}

function floorModule(): string {
  const source = readFileSync(new URL('floor-worker.ts', import.meta.url), 'utf8')
  const compilerOptions = { target: ScriptTarget.ES2022, module: ModuleKind.ESNext }
  return transpileModule(source, { compilerOptions }).outputText
}

async function register(url: string) {
  const body = JSON.stringify({ name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
  const headers = { 'Content-Type': 'application/json', Origin: ORIGIN }
  const joined = await fetch(`${url}/api/auth/sign-up/email`, { method: 'POST', headers, body })
  if (!joined.ok) throw new Error(`registering answered ${joined.status}: ${await joined.text()}`)
  const { user } = (await joined.json()) as { user: { id: string } }
  const cookie = joined.headers.getSetCookie().map((line) => line.split(';')[0])
  const withCookie = { headers: { Cookie: cookie.join('; ') } }
  const { token } = (await (await fetch(`${url}/api/auth/token`, withCookie)).json()) as { token: string }
  return { id: user.id, withCookie, withToken: { headers: { Authorization: `Bearer ${token}` } } }
}

/** Returns the one request that `call` makes the Worker send to the database, for the floor to send. */
async function captureSqlRequest(
  gateway: string,
  startMargin: (endpoint: string) => ReturnType<typeof startWorkerd>,
  call: (url: string) => Promise<Response>,
) {
  const captured: { SQL_REQUEST: string; HEADERS: string }[] = []
  const proxy = createServer((request, response) => void forward(request, response)).listen(0, '127.0.0.1')
  async function forward(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const SQL_REQUEST = Buffer.concat(chunks).toString()
    const neon = Object.entries(request.headers).filter(([name]) => name.startsWith('neon-'))
    const headers = Object.fromEntries(neon) as Record<string, string>
    captured.push({ SQL_REQUEST, HEADERS: JSON.stringify(headers) })
    const answer = await fetch(gateway, { method: 'POST', body: SQL_REQUEST, headers })
    response.writeHead(answer.status).end(await answer.text())
  }
  await new Promise((resolve) => proxy.once('listening', resolve))
  const worker = await startMargin(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/sql`)
  await (await call(worker.url)).arrayBuffer()
  await worker.stop()
  proxy.close()
  const [first] = captured
  if (!first || captured.length > 1)
    throw new Error(`one request to the database was expected, not ${captured.length}`)
  return first
}
