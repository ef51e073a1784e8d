import { expect, test } from 'vitest'
import { NO_DETAILS, postSqlTo } from '../tests/support/gateway-request.ts'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'
import { LOST_COMPUTE } from '../tests/support/neon-answers.ts'
import { openDatabase } from './database.ts'
import { run } from './neon-run.ts'

test.for(DATABASES)('OPS-109 no request sees the session state that another left, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  await postSqlTo(gateway.url, 'create role leaked_role')
  const show = `select current_setting('TimeZone') as zone, current_setting('search_path') as path,
    current_setting('DateStyle') as dates, current_setting('default_transaction_read_only') as read_only,
    current_setting('margin.own', true) as own, current_user as role,
    (select count(*) from pg_prepared_statements) as prepared, (select count(*) from pg_cursors) as cursors,
    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
    (select count(*) from pg_class where relname = 'leaked' and relnamespace = pg_my_temp_schema()) as tables,
    (select count(*) from pg_listening_channels()) as channels`
  const fresh = (await postSqlTo(gateway.url, show)).body['rows']
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
    expect({ leak, ...(await postSqlTo(gateway.url, leak)) }).toMatchObject({ leak, status: 200 })
  for (let n = 0; n < 3; n++) {
    const [row] = (await postSqlTo(gateway.url, show)).body['rows'] as Record<string, string>[]
    expect({ ...row, own: row?.['own'] || null }).toEqual((fresh as object[])[0])
  }
})

test.for(DATABASES)(
  'OPS-110 COPY FROM STDIN is refused, and no later request waits for it, on %s',
  async (name) => {
    const { gateway } = await gatewayOf(name)
    await postSqlTo(gateway.url, 'create table copied (id int4)')
    const copies = [
      'copy copied from stdin',
      '/* x */ COPY copied (id)\n  FROM -- y\n STDIN with (format csv)',
    ]
    for (const copy of [...copies, ['select 1', ...copies]])
      expect(await postSqlTo(gateway.url, copy)).toEqual({
        status: 400,
        body: JSON.parse(LOST_COMPUTE.unexpected.body) as object,
      })
    const after = [
      'alter table copied add column name text',
      "insert into copied values (1, 'copy from stdin')",
    ]
    expect((await postSqlTo(gateway.url, after)).status).toBe(200)
  },
)

test.for(DATABASES)('OPS-111 a function that calls itself for ever fails with 54001, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  await postSqlTo(
    gateway.url,
    'create function endless(n int4) returns int4 language plpgsql as $$ begin return endless(n + 1); end $$',
  )
  expect(await postSqlTo(gateway.url, 'select endless(1)')).toMatchObject({
    status: 400,
    body: { code: '54001' },
  })
  expect((await postSqlTo(gateway.url, 'select 1')).status).toBe(200)
})

test('OPS-112 an answer over 64 MiB is refused with 507, and a batch is rolled back', async () => {
  const { gateway } = await gatewayOf('PostgreSQL')
  await postSqlTo(gateway.url, 'create table large (id int4)')
  const half = "select repeat('x', 32 * 1024 * 1024)"
  expect(await postSqlTo(gateway.url, ['insert into large values (1)', half, half])).toEqual({
    status: 507,
    body: { message: 'response is too large (max is 67108864 bytes)', code: '', severity: '', ...NO_DETAILS },
  })
  expect((await postSqlTo(gateway.url, 'select * from large')).body['rows']).toEqual([])
  expect((await postSqlTo(gateway.url, half)).status).toBe(200)
})

test('OPS-107 a request whose caller has hung up while it waited is not run, on PGlite', async () => {
  const database = await openDatabase('memory://')
  const statements = ['create table never (id int4)', 'select 1'].map((text) => ({
    text,
    params: [],
    arrayMode: true,
  }))
  for (const begin of [undefined, 'BEGIN'])
    await expect(run(database, { statements, begin, rawText: true }, AbortSignal.abort())).rejects.toThrow(
      'query was cancelled',
    )
  const { rowCount } = await database.pool.query("select from pg_class where relname = 'never'")
  expect(rowCount).toBe(0)
  await database.close()
})
