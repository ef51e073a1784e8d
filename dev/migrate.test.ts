import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { drizzle } from 'drizzle-orm/neon-http'
import { migrate as migrateByDrizzle } from 'drizzle-orm/neon-http/migrator'
import { expect, test } from 'vitest'
import { freePort } from '../tests/support/free-port.ts'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'
import { runHere } from '../tests/support/start.ts'
import * as schema from '../worker/db/schema.ts'
import { reasonOf } from './command.ts'
import { ROOT } from './dev-vars.ts'
import { migrate } from './migrate.ts'

const DATABASE_URL = 'postgres://margin:hunter2@localhost/margin'
const closedPort = await freePort()
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
  'OPS-7 migrating again does nothing, with drizzle’s own migrator too, on %s',
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

test('OPS-9 the migrations create the schema of the code', async () => {
  const [last = ''] = globSync('worker/db/migrations/meta/*_snapshot.json').toSorted().toReversed()
  const made = JSON.parse(readFileSync(last, 'utf8')) as ReturnType<typeof generateDrizzleJson>
  const missing = await generateMigration(made, generateDrizzleJson(schema, made.id, undefined, 'snake_case'))
  expect(missing, 'worker/db/schema.ts has changed since: npm run db:generate').toEqual([])
})

const command = (env: Record<string, string>) => runHere(['dev/migrate.ts'], env)

test('OPS-8 db:migrate prints one line that says what it did', async () => {
  const { gateway } = await gatewayOf('PGlite')
  const { code, said } = await command({ DATABASE_URL, NEON_FETCH_ENDPOINT: gateway.url })
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringMatching(/^127\.0\.0\.1:\d+: up to date\n$/) as string,
  })
})

test('OPS-8 no password is printed, not even a part of one', () => {
  const printed = (text: string) => reasonOf(new Error(`cannot reach ${text}, try again`))
  for (const address of [
    'ann:hunter2@db/m',
    'ann:hun@ter2@db/m',
    'ann:hun/ter2@db/m',
    'ann@corp:hun:ter2@db/m',
  ])
    expect(printed(`postgres://${address}`)).toMatch(
      /^cannot reach postgres:\/\/ann(@corp)?:\*\*\*@db\/m, try again$/,
    )
  const example = 'postgres://user:password@host/database'
  expect(printed(example)).toBe(`cannot reach ${example}, try again`)
})

test.for([
  ['is missing', {}, 'DATABASE_URL is missing'],
  ['is no URL', { DATABASE_URL: 'margin:hunter2@localhost' }, 'DATABASE_URL is wrong'],
  [
    'names another kind of database',
    { DATABASE_URL: 'mysql://margin:hunter2@localhost/m' },
    'DATABASE_URL is wrong',
  ],
  ['has no password', { DATABASE_URL: 'postgres://margin@localhost/m' }, 'it lacks a password'],
  [
    'has a host that does not exist',
    { DATABASE_URL: 'postgres://margin:hunter2@no.such.invalid/m' },
    'no.such.invalid/m',
  ],
  [
    'names a port that nobody listens on',
    { DATABASE_URL, NEON_FETCH_ENDPOINT: `http://127.0.0.1:${closedPort}/sql` },
    `the database at 127.0.0.1:${closedPort} was not migrated`,
  ],
] as const)(
  'OPS-8 db:migrate with a DATABASE_URL that %s prints one line and exits with 1',
  async ([, env, line]) => {
    const { code, said } = await command(env)
    expect(code).toBe(1)
    expect(said).toContain(line)
    expect(said).toMatch(/^margin: [^\n]*\n$/)
    expect(said).not.toContain('hunter2')
  },
)
