import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { ROOT } from '../dev/dev-vars.ts'
import { migrate } from '../dev/migrate.ts'
import { startGateway } from '../dev/neon-gateway.ts'
import { WRANGLER, WRANGLER_QUIET } from '../dev/wrangler.ts'
import { startWorkerd, type Modules } from './workerd.ts'

const ORIGIN = 'http://localhost:8787'
const DATABASE_URL = 'postgres://margin:margin@localhost/margin'

/** The built Worker and its floor, in workerd each, in front of one database with a person of `tasks` tasks. */
export async function openStage({ tasks }: { tasks: number }) {
  const gateway = await startGateway({ database: 'memory://', port: 0 })
  await migrate({ databaseUrl: DATABASE_URL, endpoint: gateway.url })
  const margin = (endpoint: string) =>
    startWorkerd(bundle, {
      DATABASE_URL,
      NEON_FETCH_ENDPOINT: endpoint,
      BETTER_AUTH_SECRET: 'a-secret-for-measuring-that-is-long-enough',
      BETTER_AUTH_URL: ORIGIN,
    })
  const bundle = bundleWorker()
  const worker = await margin(gateway.url)
  const person = await register(worker.url)
  await gateway.query(
    `insert into tasks (id, user_id, title, completed, created_at, updated_at)
     select gen_random_uuid(), $1, 'Call the dentist about the invoice ' || n, n % 3 = 0, t, t
     from (select n, date_trunc('milliseconds', now()) - n * interval '1 minute' as t from generate_series(1, $2::int) n) as made`,
    [person.id, tasks],
  )
  const question = await overhear(gateway.url, margin, (url) => fetch(`${url}/api/tasks`, person.asThem))
  const floor = await startWorkerd({ 'index.js': floorModule() }, { ENDPOINT: gateway.url, ...question })
  return {
    worker: worker.url,
    floor: floor.url,
    person,
    question,
    async close() {
      await Promise.all([worker.stop(), floor.stop()])
      await gateway.close()
    },
  }
}

/** The Worker as it would be deployed: its modules by name. */
function bundleWorker(): Modules {
  const folder = mkdtempSync(join(tmpdir(), 'margin-bundle-'))
  execFileSync(process.execPath, [WRANGLER, 'deploy', '--dry-run', '--outdir', folder], {
    cwd: ROOT,
    stdio: 'ignore',
    env: { ...process.env, ...WRANGLER_QUIET },
  })
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const bundle = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  rmSync(folder, { recursive: true })
  return bundle
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
  const asCookie = { headers: { Cookie: cookie.join('; ') } }
  const { token } = (await (await fetch(`${url}/api/auth/token`, asCookie)).json()) as { token: string }
  return { id: user.id, asCookie, asThem: { headers: { Authorization: `Bearer ${token}` } } }
}

/** The one question that a call makes the Worker ask the database, as the floor is to ask it. */
async function overhear(
  gateway: string,
  startMargin: (endpoint: string) => ReturnType<typeof startWorkerd>,
  call: (url: string) => Promise<Response>,
) {
  const heard: { QUESTION: string; HEADERS: string }[] = []
  const listener = createServer((request, response) => void pass(request, response)).listen(0, '127.0.0.1')
  async function pass(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const QUESTION = Buffer.concat(chunks).toString()
    const neon = Object.entries(request.headers).filter(([name]) => name.startsWith('neon-'))
    const headers = Object.fromEntries(neon) as Record<string, string>
    heard.push({ QUESTION, HEADERS: JSON.stringify(headers) })
    const answer = await fetch(gateway, { method: 'POST', body: QUESTION, headers })
    response.writeHead(answer.status).end(await answer.text())
  }
  await new Promise((resolve) => listener.once('listening', resolve))
  const worker = await startMargin(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/sql`)
  await (await call(worker.url)).arrayBuffer()
  await worker.stop()
  listener.close()
  const [question] = heard
  if (!question || heard.length > 1) throw new Error(`one question was expected, and ${heard.length} came`)
  return question
}
