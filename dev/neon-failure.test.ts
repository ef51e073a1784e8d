import { once } from 'node:events'
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'
import { LOST_COMPUTE } from '../tests/support/neon-answers.ts'
import { startRealPostgres, type RealPostgres } from '../tests/support/real-postgres.ts'
import { connect as connectWorker } from '../worker/db/client.ts'
import { DatabaseUnavailable } from '../worker/db/error.ts'
import { Settings } from '../worker/settings.ts'
import { startGateway } from './neon-gateway.ts'

const HEADERS = { 'neon-connection-string': 'postgres://any', 'neon-raw-text-output': 'true' }
/** Upper bound of a wait for another process; no test waits this long when it passes. */
const WAIT = { timeout: 30_000 }

type Query = string | { query: string; params?: unknown[] }
const bodyOf = (queries: Query | Query[]) => {
  const asQuery = (query: Query) => (typeof query === 'string' ? { query } : query)
  return JSON.stringify(Array.isArray(queries) ? { queries: queries.map(asQuery) } : asQuery(queries))
}

/** Posts a statement, or a batch of several, and reads the answer. */
async function post(url: string, queries: Query | Query[], signal?: AbortSignal) {
  const response = await fetch(url, {
    method: 'POST',
    headers: HEADERS,
    body: bodyOf(queries),
    ...(signal && { signal }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

interface OwnPostgres {
  real: RealPostgres
  /** A session beside the gateway, to hold locks. */
  session: pg.Client
  /** Counts the statements that wait for a lock. */
  countWaiting(): Promise<number>
}

/** A PostgreSQL of the test's own, to break. */
async function openPostgres(): Promise<OwnPostgres> {
  const real = await startRealPostgres()
  // Not one session: in a transaction, pg_stat_activity stays as it was at first.
  const [session, observer] = [new pg.Client(real.url), new pg.Client(real.url)]
  for (const client of [session, observer]) await client.on('error', () => {}).connect()
  onTestFinished(async () => {
    await Promise.all([session.end(), observer.end()])
    await real.stop()
  })
  const countWaiting = async () => {
    const { rows } = await observer.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'",
    )
    return rows[0]?.n ?? 0
  }
  return { real, session, countWaiting }
}

async function openGateway(database: string) {
  const gateway = await startGateway({ database, port: 0 })
  onTestFinished(() => gateway.close())
  return gateway
}

const ALL_NULL = {
  detail: null,
  hint: null,
  position: null,
  internalPosition: null,
  internalQuery: null,
  where: null,
  table: null,
  column: null,
  schema: null,
  dataType: null,
  constraint: null,
  file: null,
  line: null,
  routine: null,
}

test('OPS-4 a connection that Postgres refuses is a 500 with the SQLSTATE, a missing database a 400', async () => {
  const { real, session } = await openPostgres()
  await session.query(`create role margin login password 'first'`)
  await session.query('create database margin owner margin')
  const { host } = new URL(real.url)
  const gateway = await openGateway(`postgres://margin:first@${host}/margin`)
  const isGone = () =>
    session
      .query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'margin'`)
      .then(({ rowCount }) => rowCount)
  const refusal = async (sql: string) => {
    await session.query(sql)
    await expect.poll(isGone, WAIT).toBe(0)
    return post(gateway.url, 'select 1')
  }
  expect(await refusal('alter role margin connection limit 0')).toMatchObject({
    status: 500,
    body: { code: '53300', severity: 'FATAL', message: 'too many connections for role "margin"' },
  })
  expect(await refusal(`alter role margin connection limit -1 password 'second'`)).toMatchObject({
    status: 500,
    body: { code: '28P01', severity: 'FATAL', routine: 'auth_failed' },
  })
  expect(await refusal(`alter role margin nologin password 'first'`)).toMatchObject({
    status: 500,
    body: { code: '28000', severity: 'FATAL' },
  })
  await session.query('alter role margin login')
  expect(await refusal('alter database margin rename to other')).toMatchObject({
    status: 400,
    body: { code: '3D000', severity: 'FATAL', message: 'database "margin" does not exist' },
  })
  await session.query('alter database other rename to margin')
  expect((await post(gateway.url, 'select 1')).status).toBe(200)
})

test('OPS-4 a database that nobody can connect to is a 500 without a SQLSTATE', async () => {
  const { real } = await openPostgres()
  const gateway = await openGateway(real.url)
  await real.stop()
  await expect
    .poll(() => post(gateway.url, 'select 1'), WAIT)
    .toEqual({
      status: 500,
      body: {
        message: expect.stringMatching(/^error connecting to server: /) as string,
        code: '',
        severity: '',
        ...ALL_NULL,
      },
    })
})

test('OPS-106 a backend that ends inside a batch fails that batch alone', async () => {
  const { gateway } = await gatewayOf('PostgreSQL')
  const end = 'select pg_terminate_backend(pg_backend_pid())'
  for (const queries of [end, ['select 1', end, 'select 2']])
    expect(await post(gateway.url, queries)).toMatchObject({
      status: 400,
      body: { code: '57P01', severity: 'FATAL' },
    })
  expect((await post(gateway.url, ['select 1', 'select 2'])).status).toBe(200)
})

test('OPS-106 a connection that is cut while a statement runs is answered as Neon does', async () => {
  const { real, session, countWaiting } = await openPostgres()
  const { hostname, port } = new URL(real.url)
  const sockets = new Set<Socket>()
  const line = createServer((socket) => {
    const onward = connectTcp(Number(port), hostname)
    for (const end of [socket, onward]) sockets.add(end.on('error', () => {}))
    socket.pipe(onward).pipe(socket)
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  onTestFinished(() => void line.close())
  const url = new URL(real.url)
  url.port = String((line.address() as AddressInfo).port)
  const gateway = await openGateway(url.href)
  for (const queries of ['select pg_advisory_lock(7)', ['select pg_advisory_lock(7)']]) {
    await session.query('select pg_advisory_lock(7)')
    const answer = post(gateway.url, queries)
    await expect.poll(countWaiting, WAIT).toBe(1)
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    expect(await answer).toEqual({ status: 400, body: JSON.parse(LOST_COMPUTE.closed.body) as object })
    await session.query('select pg_advisory_unlock_all()')
  }
  await expect.poll(async () => (await post(gateway.url, 'select 1')).status, WAIT).toBe(200)
})

test('OPS-107 who hangs up gets the statement cancelled and a batch rolled back', async () => {
  const { real, session, countWaiting } = await openPostgres()
  const gateway = await openGateway(real.url)
  await session.query('create table written (id int4 primary key)')
  for (const queries of [
    'insert into written values (1)',
    ['insert into written values (2)', 'insert into written values (1)', 'insert into written values (3)'],
  ]) {
    await session.query('begin; insert into written values (1)')
    const caller = new AbortController()
    const answer = post(gateway.url, queries, caller.signal)
    await expect.poll(countWaiting, WAIT).toBe(1)
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
    await expect.poll(countWaiting, WAIT).toBe(0)
    await session.query('rollback')
    expect(await post(gateway.url, 'select * from written')).toMatchObject({ body: { rows: [] } })
  }
})

test('OPS-107 a write that the Worker gave up on is not done afterwards', async () => {
  const { real, session, countWaiting } = await openPostgres()
  const gateway = await openGateway(real.url)
  await session.query('create table written (id int4 primary key)')
  await session.query('begin; insert into written values (1)')
  const { once: db } = connectWorker(
    Settings.parse({
      DATABASE_URL: 'postgres://margin:margin@localhost/margin',
      NEON_FETCH_ENDPOINT: gateway.url,
      BETTER_AUTH_SECRET: 'x'.repeat(32),
      BETTER_AUTH_URL: 'http://localhost:8787',
    }),
  )
  const error: unknown = await db.execute('insert into written values (1)').catch((reason: unknown) => reason)
  expect(error).toMatchObject({ cause: { sourceError: expect.any(DatabaseUnavailable) as object } })
  await expect.poll(countWaiting, WAIT).toBe(0)
  await session.query('rollback')
  expect(await gateway.query('select * from written')).toEqual([])
})

test('OPS-108 thirty statements run at once', async () => {
  const { real, session, countWaiting } = await openPostgres()
  const gateway = await openGateway(real.url)
  await session.query('select pg_advisory_lock(7)')
  const answers = Array.from({ length: 30 }, () =>
    post(gateway.url, 'select pg_advisory_xact_lock_shared(7)'),
  )
  await expect.poll(countWaiting, WAIT).toBe(30)
  await session.query('select pg_advisory_unlock(7)')
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(30).fill(200))
})

test.for(DATABASES)('OPS-109 no request sees what another left in its session, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  await post(gateway.url, 'create role leaked_role')
  const show = `select current_setting('TimeZone') as zone, current_setting('search_path') as path,
    current_setting('DateStyle') as dates, current_setting('default_transaction_read_only') as read_only,
    current_setting('margin.own', true) as own, current_user as role,
    (select count(*) from pg_prepared_statements) as prepared, (select count(*) from pg_cursors) as cursors,
    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
    (select count(*) from pg_class where relname = 'leaked') as tables,
    (select count(*) from pg_listening_channels()) as channels`
  const fresh = (await post(gateway.url, show)).body['rows']
  for (const leak of [
    "set time zone 'Asia/Tokyo'",
    'set search_path to pg_catalog',
    "set DateStyle to 'German'",
    'set default_transaction_read_only to on',
    "set margin.own to 'leak'",
    'prepare leak as select 1',
    'create temp table leaked (id int4)',
    'select pg_advisory_lock(7)',
    'listen leak',
    ['declare leak cursor with hold for select 1'],
    'set role leaked_role',
    // PGlite does not know whom to go back to.
    ...(name === 'PGlite' ? [] : ['set session authorization leaked_role']),
  ])
    expect(await post(gateway.url, leak), String(leak)).toMatchObject({ status: 200 })
  for (let n = 0; n < 3; n++) {
    const [row] = (await post(gateway.url, show)).body['rows'] as Record<string, string>[]
    expect({ ...row, own: row?.['own'] || null }).toEqual((fresh as object[])[0])
  }
})

test.for(DATABASES)('OPS-110 COPY from the client is refused, and holds up nobody, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  await post(gateway.url, 'create table copied (id int4)')
  const copies = ['copy copied from stdin', '/* x */ COPY copied (id)\n  FROM -- y\n STDIN with (format csv)']
  for (const copy of [...copies, ['select 1', ...copies]])
    expect(await post(gateway.url, copy)).toEqual({
      status: 400,
      body: JSON.parse(LOST_COMPUTE.unexpected.body) as object,
    })
  const after = [
    'alter table copied add column name text',
    "insert into copied values (1, 'copy from stdin')",
  ]
  expect((await post(gateway.url, after)).status).toBe(200)
})

test.for(DATABASES)(
  'OPS-111 a function that never stops calling itself fails by itself, on %s',
  async (name) => {
    const { gateway } = await gatewayOf(name)
    await post(
      gateway.url,
      'create function endless(n int4) returns int4 language plpgsql as $$ begin return endless(n + 1); end $$',
    )
    expect(await post(gateway.url, 'select endless(1)')).toMatchObject({
      status: 400,
      body: { code: '54001' },
    })
    expect((await post(gateway.url, 'select 1')).status).toBe(200)
  },
)

test('OPS-112 an answer over 64 MiB is refused with 507, and a batch is rolled back', async () => {
  const { gateway } = await gatewayOf('PostgreSQL')
  await post(gateway.url, 'create table large (id int4)')
  const half = "select repeat('x', 32 * 1024 * 1024)"
  expect(await post(gateway.url, ['insert into large values (1)', half, half])).toEqual({
    status: 507,
    body: { message: 'response is too large (max is 67108864 bytes)', code: '', severity: '', ...ALL_NULL },
  })
  expect((await post(gateway.url, 'select * from large')).body['rows']).toEqual([])
  expect((await post(gateway.url, half)).status).toBe(200)
})
