import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/neon-http'
import { migrate as migrateByDrizzle } from 'drizzle-orm/neon-http/migrator'
import { expect, test } from 'vitest'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'
import { ROOT } from './dev-vars.ts'
import { migrate } from './migrate.ts'

const DATABASE_URL = 'postgres://margin:hunter2@localhost/margin'
const TABLES = `select table_name from information_schema.tables where table_schema = 'public' order by 1`

test.for(DATABASES)(
  'OPS-7 a migration that fails leaves nothing and can be repeated, on %s',
  async (name) => {
    const { sql, gateway } = await gatewayOf(name)
    const address = { databaseUrl: DATABASE_URL, endpoint: gateway.url }
    await sql`create table task_in_the_way (id int4)`
    await sql`alter table task_in_the_way rename to tasks`
    await expect(migrate(address)).rejects.toThrow('relation "tasks" already exists')
    expect(await sql.query(TABLES)).toEqual([{ table_name: 'tasks' }])
    await sql`drop table tasks`
    expect(await migrate(address)).toBeGreaterThan(0)
    const tables = (await sql.query(TABLES)).map((row) => row['table_name'])
    expect(tables).toEqual(expect.arrayContaining(['account', 'session', 'tasks', 'user']))
  },
)

test.for(DATABASES)(
  'OPS-7 migrating again does nothing, by drizzle’s own migrator too, on %s',
  async (name) => {
    const { sql, gateway } = await gatewayOf(name)
    const address = { databaseUrl: DATABASE_URL, endpoint: gateway.url }
    await migrate(address)
    expect(await migrate(address)).toBe(0)
    await migrateByDrizzle(drizzle({ client: sql }), { migrationsFolder: join(ROOT, 'worker/db/migrations') })
    await sql`drop schema public cascade`
    await sql`drop schema drizzle cascade`
    await sql`create schema public`
    await migrateByDrizzle(drizzle({ client: sql }), { migrationsFolder: join(ROOT, 'worker/db/migrations') })
    expect(await migrate(address)).toBe(0)
  },
)

/** Runs `npm run db:migrate` with nothing but `env`. */
async function command(env: Record<string, string>) {
  const child = spawn(process.execPath, ['dev/migrate.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], DEV_VARS: join(ROOT, 'no-such-file'), ...env },
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (words += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, words }
}

test('OPS-8 db:migrate says in a line what it did', async () => {
  const { gateway } = await gatewayOf('PGlite')
  const { code, words } = await command({ DATABASE_URL, NEON_FETCH_ENDPOINT: gateway.url })
  expect({ code, words }).toEqual({
    code: 0,
    words: expect.stringMatching(/^127\.0\.0\.1:\d+: up to date\n$/) as string,
  })
})

test.for([
  ['is missing', {}, 'DATABASE_URL is missing'],
  ['is no URL', { DATABASE_URL: 'margin:hunter2@localhost' }, 'DATABASE_URL is wrong'],
  [
    'names another kind of database',
    { DATABASE_URL: 'mysql://margin:hunter2@localhost/m' },
    'DATABASE_URL is wrong',
  ],
  [
    'has no host to be found',
    { DATABASE_URL: 'postgres://margin:hunter2@no.such.invalid/m' },
    'no.such.invalid/m',
  ],
  [
    'leads where nobody listens',
    { DATABASE_URL, NEON_FETCH_ENDPOINT: 'http://127.0.0.1:9/sql' },
    'the database at 127.0.0.1:9 was not migrated',
  ],
] as const)(
  'OPS-8 db:migrate with a DATABASE_URL that %s ends with one line and 1',
  async ([, env, line]) => {
    const { code, words } = await command(env)
    expect(code).toBe(1)
    expect(words).toContain(line)
    expect(words).toMatch(/^margin: [^\n]*\n$/)
    expect(words).not.toContain('hunter2')
  },
)
