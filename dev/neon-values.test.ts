import { sql as text } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import * as pg from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'

const AWKWARD = 'it\'s "quoted" \\ back\\\\slash, {braces}, ümlaut, 日本語, 🦭\n\ttab'
const bytea = pg.customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const samples = pg.pgTable('samples', {
  id: pg.integer().primaryKey(),
  yes: pg.boolean(),
  small: pg.smallint(),
  large: pg.bigint({ mode: 'bigint' }),
  exact: pg.numeric(),
  double: pg.doublePrecision(),
  words: pg.text(),
  at: pg.timestamp({ withTimezone: true, precision: 3 }),
  day: pg.date(),
  json: pg.json(),
  jsonb: pg.jsonb(),
  bytes: bytea(),
  numbers: pg.integer().array(),
  texts: pg.text().array(),
})
const CREATE = `create table if not exists samples (id int4 primary key, yes bool, small int2, large int8, exact numeric,
  double float8, words text, at timestamptz(3), day date, json json, jsonb jsonb, bytes bytea, numbers int4[], texts text[])`

test.for(DATABASES)('OPS-1 drizzle reads every type back unchanged, on %s', async (name) => {
  const { sql } = await gatewayOf(name)
  const db = drizzle({ client: sql })
  await db.execute(text.raw(CREATE))
  const full = {
    id: 1,
    yes: true,
    small: -32_768,
    large: 9_007_199_254_740_993n,
    exact: '12345678901234567890.123456789',
    double: 0.1,
    words: AWKWARD,
    at: new Date('2026-02-28T23:59:59.123Z'),
    day: '2026-02-28',
    json: { nested: [1, null, { quote: '"' }] },
    jsonb: [AWKWARD, false, null],
    bytes: Buffer.from([0, 1, 127, 128, 255]),
    numbers: [1, -2, 3],
    texts: ['', 'NULL', AWKWARD, '{a,b}'],
  }
  const empty = Object.fromEntries(Object.keys(full).map((key) => [key, null]))
  expect(await db.insert(samples).values(full).returning()).toEqual([full])
  expect(await db.insert(samples).values({ id: 2 }).returning()).toEqual([{ ...empty, id: 2 }])
})

test.for(DATABASES)('OPS-1 the driver reads values by their types, on %s', async (name) => {
  const { sql } = await gatewayOf(name)
  const [row] =
    await sql`select true as bool, 7::int2 as int2, 8 as int4, 9::int8 as int8, 1.50::numeric as numeric,
    'NaN'::float8 as nan, 2.5::float4 as float4,     '\\xff00'::bytea as bytes, array['a', null, 'b"\\c'] as texts, array[array[1,2],array[3,4]] as grid,
    '{"a": [1]}'::jsonb as jsonb, null as nothing`
  expect(row).toEqual({
    bool: true,
    int2: 7,
    int4: 8,
    int8: '9',
    numeric: '1.50',
    nan: NaN,
    float4: 2.5,
    bytes: Buffer.from([255, 0]),
    texts: ['a', null, 'b"\\c'],
    grid: [
      [1, 2],
      [3, 4],
    ],
    jsonb: { a: [1] },
    nothing: null,
  })
})

test.for(DATABASES)('OPS-1 parameters of every kind reach the database unchanged, on %s', async (name) => {
  const { sql, gateway } = await gatewayOf(name)
  const [viaDriver] =
    await sql`select ${null}::text as nothing, ${true}::bool as yes, ${1.5}::float8 as number,
    ${{ a: AWKWARD }}::jsonb as object, ${['x', null, AWKWARD]}::text[] as list, ${Buffer.from('hi')}::bytea as bytes`
  expect(viaDriver).toEqual({
    nothing: null,
    yes: true,
    number: 1.5,
    object: { a: AWKWARD },
    list: ['x', null, AWKWARD],
    bytes: Buffer.from('hi'),
  })
  const query = 'select $1::text, $2::bool, $3::int4, $4::jsonb, $5::text[], $6::int4[], $7::jsonb[]'
  const params = [null, false, 42, { a: [AWKWARD] }, ['x', null, AWKWARD, ''], [[1], [2]], [{ a: AWKWARD }]]
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'neon-connection-string': 'postgres://any', 'neon-array-mode': 'true' },
    body: JSON.stringify({ query, params }),
  })
  expect(await response.json()).toMatchObject({ rows: [params] })
})

test.for(DATABASES)('OPS-1 the null of JSON is null and not a string, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'neon-connection-string': 'postgres://any', 'neon-array-mode': 'true' },
    body: JSON.stringify({ query: "select 'null'::json, 'null'::jsonb, array['null', '1', null]::jsonb[]" }),
  })
  expect(await response.json()).toMatchObject({ rows: [[null, null, [null, 1, null]]] })
})

test.for(DATABASES)('OPS-113 where Neon is known to fail, the gateway answers, on %s', async (name) => {
  const { gateway } = await gatewayOf(name)
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'neon-connection-string': 'mysql://nobody@nowhere', 'neon-array-mode': 'true' },
    body: JSON.stringify({
      query: `select $1::text[], '{}'::int4[], '{}'::text[], '1 2'::int2vector, current_user::text`,
      params: [['a\nb\tc\u0007']],
    }),
  })
  expect(await response.json()).toMatchObject({ rows: [[['a\nb\tc\u0007'], [], [], '1 2', 'postgres']] })
})
