import { once } from 'node:events'
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { NO_DETAILS, postSqlTo } from '../tests/support/gateway-request.ts'
import { gatewayOf } from '../tests/support/gateways.ts'
import { LOST_COMPUTE } from '../tests/support/neon-answers.ts'
import { startRealPostgres, type RealPostgres } from '../tests/support/real-postgres.ts'
import { connect as connectWorker } from '../worker/db/client.ts'
import { DatabaseUnavailable } from '../worker/db/error.ts'
import { Settings } from '../worker/settings.ts'
import { startGateway } from './neon-gateway.ts'

/** Upper bound of a wait for another process; no test waits this long when it passes. */
const WAIT = { timeout: 30_000 }

/** A PostgreSQL of this file's own. */
let real: RealPostgres
/** A session beside the gateway, to hold locks. */
let session: pg.Client
/** Another one: in a transaction, pg_stat_activity stays as it was at first. */
let observer: pg.Client

beforeAll(async () => {
  real = await startRealPostgres()
  session = new pg.Client(real.url)
  observer = new pg.Client(real.url)
  await Promise.all([session.connect(), observer.connect()])
  return async () => {
    await Promise.all([session.end(), observer.end()])
    await real.stop()
  }
})

async function countWaiting(): Promise<number> {
  const { rows } = await observer.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'",
  )
  return rows[0]?.n ?? 0
}

async function openGateway(database: string) {
  const gateway = await startGateway({ database, port: 0 })
  onTestFinished(() => gateway.close())
  return gateway
}

test('OPS-4 a connection that Postgres refuses is a 500 with the SQLSTATE, a missing database a 400', async () => {
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
    return postSqlTo(gateway.url, 'select 1')
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
  expect((await postSqlTo(gateway.url, 'select 1')).status).toBe(200)
})

test('OPS-4 a database that nobody can connect to is a 500 without a SQLSTATE', async () => {
  const stopped = await startRealPostgres()
  const gateway = await openGateway(stopped.url)
  await stopped.stop()
  await expect
    .poll(() => postSqlTo(gateway.url, 'select 1'), WAIT)
    .toEqual({
      status: 500,
      body: {
        message: expect.stringMatching(/^error connecting to server: /) as string,
        code: '',
        severity: '',
        ...NO_DETAILS,
      },
    })
})

test('OPS-106 a backend that ends inside a batch fails that batch alone', async () => {
  const { gateway } = await gatewayOf('PostgreSQL')
  const end = 'select pg_terminate_backend(pg_backend_pid())'
  for (const queries of [end, ['select 1', end, 'select 2']])
    expect(await postSqlTo(gateway.url, queries)).toMatchObject({
      status: 400,
      body: { code: '57P01', severity: 'FATAL' },
    })
  expect((await postSqlTo(gateway.url, ['select 1', 'select 2'])).status).toBe(200)
})

test('OPS-106 a connection that is cut while a statement runs is answered as by Neon', async () => {
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
    const answer = postSqlTo(gateway.url, queries)
    await expect.poll(countWaiting, WAIT).toBe(1)
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    expect(await answer).toEqual({ status: 400, body: JSON.parse(LOST_COMPUTE.closed.body) as object })
    await session.query('select pg_advisory_unlock_all()')
  }
  await expect.poll(async () => (await postSqlTo(gateway.url, 'select 1')).status, WAIT).toBe(200)
})

test('OPS-107 when the caller hangs up, the statement is cancelled and a batch rolled back', async () => {
  const gateway = await openGateway(real.url)
  await session.query('create table written (id int4 primary key)')
  for (const queries of [
    'insert into written values (1)',
    ['insert into written values (2)', 'insert into written values (1)', 'insert into written values (3)'],
  ]) {
    await session.query('begin; insert into written values (1)')
    const caller = new AbortController()
    const answer = postSqlTo(gateway.url, queries, caller.signal)
    await expect.poll(countWaiting, WAIT).toBe(1)
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
    await expect.poll(countWaiting, WAIT).toBe(0)
    await session.query('rollback')
    expect(await postSqlTo(gateway.url, 'select * from written')).toMatchObject({ body: { rows: [] } })
  }
})

test('OPS-107 a write that the Worker gave up on is not done afterwards', async () => {
  const gateway = await openGateway(real.url)
  await session.query('create table given_up (id int4 primary key)')
  await session.query('begin; insert into given_up values (1)')
  const { once: db } = connectWorker(
    Settings.parse({
      DATABASE_URL: 'postgres://margin:margin@localhost/margin',
      NEON_FETCH_ENDPOINT: gateway.url,
      BETTER_AUTH_SECRET: 'x'.repeat(32),
      BETTER_AUTH_URL: 'http://localhost:8787',
    }),
  )
  const error: unknown = await db
    .execute('insert into given_up values (1)')
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ cause: { sourceError: expect.any(DatabaseUnavailable) as object } })
  await expect.poll(countWaiting, WAIT).toBe(0)
  await session.query('rollback')
  expect(await gateway.query('select * from given_up')).toEqual([])
})

test('OPS-108 thirty statements run at once', async () => {
  const gateway = await openGateway(real.url)
  await session.query('select pg_advisory_lock(7)')
  const answers = Array.from({ length: 30 }, () =>
    postSqlTo(gateway.url, 'select pg_advisory_xact_lock_shared(7)'),
  )
  await expect.poll(countWaiting, WAIT).toBe(30)
  await session.query('select pg_advisory_unlock(7)')
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(30).fill(200))
})
