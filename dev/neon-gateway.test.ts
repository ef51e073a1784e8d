import { expect, test } from 'vitest'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'
import { startGateway } from './neon-gateway.ts'

const NEON = { 'neon-connection-string': 'postgres://any' }
const post = (url: string, body: unknown, headers: Record<string, string> = NEON) =>
  fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

test.for(DATABASES)(
  'OPS-2 the driver gets rows as objects or arrays, or the full result, on %s',
  async (name) => {
    const { sql } = await gatewayOf(name)
    expect(await sql`select 1 as a, 'x' as b`).toEqual([{ a: 1, b: 'x' }])
    expect(await sql.query(`select 1 as a, 'x' as b`, [], { arrayMode: true })).toEqual([[1, 'x']])
    const at = new Date('2026-01-02T03:04:05.678Z')
    expect(await sql`select ${at}::timestamptz as at`).toEqual([{ at }])
    await sql`create table counted (id int4 primary key, name varchar(20))`
    const insert = await sql.query('insert into counted select generate_series(1, $1::int4)', [3], {
      fullResults: true,
    })
    expect(insert).toMatchObject({ command: 'INSERT', rowCount: 3, rows: [], fields: [] })
    const none = await sql.query('update counted set id = id where false', [], { fullResults: true })
    expect(none).toMatchObject({ command: 'UPDATE', rowCount: 0 })
    const select = await sql.query('select * from counted order by id limit 1', [], { fullResults: true })
    expect(select).toMatchObject({ command: 'SELECT', rowCount: 1, rows: [{ id: 1, name: null }] })
    expect(select.fields).toMatchObject([
      { name: 'id', dataTypeID: 23, columnID: 1, dataTypeSize: 4, dataTypeModifier: -1, format: 'text' },
      { name: 'name', dataTypeID: 1043, columnID: 2, dataTypeSize: -1, dataTypeModifier: 24, format: 'text' },
    ])
  },
)

const QUERY = `select true as yes, 1::int2 as small, 9::int8 as large, 'NaN'::float8 as nan, 0.5::float8 as half,
  array[true, null] as list, '{"a": 1}'::jsonb as json, null::int4 as nothing`
const RAW = ['t', '1', '9', 'NaN', '0.5', '{t,NULL}', '{"a": 1}', null]
const JSON_VALUES = [true, 1, '9', 'NaN', 0.5, [true, null], { a: 1 }, null]
const asObject = (values: unknown[]) =>
  Object.fromEntries(
    ['yes', 'small', 'large', 'nan', 'half', 'list', 'json', 'nothing'].map((key, i) => [key, values[i]]),
  )

test.for(DATABASES)(
  'OPS-2 headers choose text or JSON, and arrays or objects, as the body can too, on %s',
  async (name) => {
    const { gateway } = await gatewayOf(name)
    const rowsOf = async (headers: Record<string, string>, arrayMode?: boolean) => {
      const response = await post(gateway.url, { query: QUERY, arrayMode }, { ...NEON, ...headers })
      return ((await response.json()) as { rows: unknown }).rows
    }
    const raw = { 'neon-raw-text-output': 'true' }
    const arrays = { 'neon-array-mode': 'true' }
    expect(await rowsOf({ ...raw, ...arrays })).toEqual([RAW])
    expect(await rowsOf(raw)).toEqual([asObject(RAW)])
    expect(await rowsOf(arrays)).toEqual([JSON_VALUES])
    expect(await rowsOf({ 'neon-raw-text-output': 'TRUE', 'neon-array-mode': '1' })).toEqual([
      asObject(JSON_VALUES),
    ])
    expect(await rowsOf(arrays, false)).toEqual([asObject(JSON_VALUES)])
    expect(await rowsOf({}, true)).toEqual([JSON_VALUES])
  },
)

test('OPS-5 a request that no Neon driver sends is refused with a message that says why', async () => {
  const { gateway, requests } = await gatewayOf('PGlite')
  const before = requests.length
  const refusal = async (sent: Promise<Response>) => {
    const response = await sent
    const { message, ...fields } = (await response.json()) as Record<string, string | null>
    expect(fields).toMatchObject({ code: '', severity: '', detail: null })
    return [response.status, message]
  }
  const { url } = gateway
  const good = { query: 'select 1' }
  expect(await refusal(post(url.replace('/sql', '/'), good))).toEqual([
    404,
    expect.stringContaining('POST /sql'),
  ])
  expect(await refusal(fetch(url))).toEqual([405, expect.stringContaining('POST')])
  const page = { ...NEON, origin: 'http://evil.example' }
  expect(await refusal(post(url, good, page))).toEqual([403, expect.stringContaining('web pages')])
  expect(await refusal(post(url, good, {}))).toEqual([400, expect.stringContaining('Neon-Connection-String')])
  expect(await refusal(post(url, 'select 1'))).toEqual([400, 'the body is not JSON'])
  for (const body of [[], null, {}, { query: 1 }, { queries: {} }, { queries: [{ params: [] }] }])
    expect(await refusal(post(url, body))).toEqual([400, expect.stringContaining('{"query"')])
  expect(await refusal(post(url, { ...good, params: 'x' }))).toEqual([400, 'params must be an array'])
  expect(await refusal(post(url, { ...good, arrayMode: 1 }))).toEqual([
    400,
    'arrayMode must be true or false',
  ])
  expect(requests.length).toBe(before)
})

test('OPS-5 a body over 64 MiB is refused, and the next request is served', async () => {
  const { gateway } = await gatewayOf('PGlite')
  const huge = new Uint8Array(64 * 1024 * 1024 + 1).fill(32)
  const refused = await fetch(gateway.url, { method: 'POST', headers: NEON, body: huge })
  expect(refused.status).toBe(413)
  expect(await refused.json()).toMatchObject({
    message: 'request is too large (max is 67108864 bytes)',
    code: '',
  })
  expect((await post(gateway.url, { query: 'select 1' })).status).toBe(200)
})

test.for(DATABASES)(
  'OPS-6 the gateway reports each request and statement to whoever started it, on %s',
  async (name) => {
    const { sql, requests, statements } = await gatewayOf(name)
    const [requestsBefore, statementsBefore] = [requests.length, statements.length]
    await sql`select 1`
    await sql.transaction([sql`select 2`, sql`select 3`])
    expect(requests.slice(requestsBefore)).toEqual([['select 1'], ['select 2', 'select 3']])
    const numbers = statements.slice(statementsBefore).map(({ request }) => request)
    expect(numbers).toEqual([requestsBefore + 1, requestsBefore + 2, requestsBefore + 2])
  },
)

test('OPS-6 connections that PostgreSQL ends are replaced', async () => {
  const { sql, gateway } = await gatewayOf('PostgreSQL')
  const end =
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null'
  await Promise.all([sql`select pg_sleep(0.05)`, sql`select pg_sleep(0.05)`])
  await gateway.query(end)
  await expect.poll(() => sql`select 1 as one`, { timeout: 30_000 }).toEqual([{ one: 1 }])
})

test('OPS-6 a database in memory starts from the snapshot of another', async () => {
  const { sql, gateway } = await gatewayOf('PGlite')
  await sql`create table kept as select 'still here' as words`
  const copy = await startGateway({ database: 'memory://', port: 0, snapshot: await gateway.snapshot() })
  expect(await copy.query('select words from kept')).toEqual([{ words: 'still here' }])
  await copy.close()
})
