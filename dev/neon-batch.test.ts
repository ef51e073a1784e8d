import { NeonDbError } from '@neondatabase/serverless'
import { sql as text } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { expect, test } from 'vitest'
import { DATABASES, gatewayOf } from '../tests/support/gateways.ts'

/** Returns the error of Postgres that a statement fails with, as the driver throws it. */
async function refusal(statement: PromiseLike<unknown>): Promise<NeonDbError> {
  const error: unknown = await Promise.resolve(statement).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof NeonDbError) return error
  throw new Error('Postgres refused nothing', { cause: error })
}

test.for(DATABASES)('OPS-3 a batch is one transaction in one request, on %s', async (name) => {
  const { sql, requests } = await gatewayOf(name)
  const before = requests.length
  const mine = 'select pg_current_xact_id()::text as id'
  const [[first], [second]] = (await sql.transaction([sql.query(mine), sql.query(mine)])) as [
    { id: string }[],
    { id: string }[],
  ]
  expect(first).toEqual(second)
  expect(requests.length - before).toBe(1)
})

test.for(DATABASES)(
  'OPS-3 a batch that fails leaves nothing, and the next request has its own transaction, on %s',
  async (name) => {
    const { sql } = await gatewayOf(name)
    await sql`create table whole (id int4 primary key)`
    const failed = sql.transaction([sql`insert into whole values (1)`, sql`insert into whole values (1)`])
    expect(await refusal(failed)).toMatchObject({ code: '23505' })
    expect(await sql`select * from whole`).toEqual([])
    await sql`create table later (id int4 references whole deferrable initially deferred)`
    expect(await refusal(sql.transaction([sql`insert into later values (7)`]))).toMatchObject({
      code: '23503',
    })
    expect(await sql`select * from later`).toEqual([])
    await sql`begin`
    await sql`insert into whole values (2)`
    await sql`rollback`
    expect(await sql`select * from whole`).toEqual([{ id: 2 }])
  },
)

test.for(DATABASES)(
  'OPS-3 a batch runs at the requested level, read-only and deferrable, on %s',
  async (name) => {
    const { sql, gateway } = await gatewayOf(name)
    const show = `select current_setting('transaction_isolation') as level,
    current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`
    const seen = async (options: object) => (await sql.transaction([sql.query(show)], options))[0]
    const off = { read_only: 'off', deferrable: 'off' }
    expect(await seen({})).toEqual([{ level: 'read committed', ...off }])
    expect(await seen({ isolationLevel: 'ReadUncommitted' })).toEqual([{ level: 'read uncommitted', ...off }])
    expect(await seen({ isolationLevel: 'RepeatableRead' })).toEqual([{ level: 'repeatable read', ...off }])
    expect(await seen({ isolationLevel: 'Serializable', readOnly: true, deferrable: true })).toEqual([
      { level: 'serializable', read_only: 'on', deferrable: 'on' },
    ])
    const write = sql.transaction([sql`create table never (id int4)`], { readOnly: true })
    expect(await refusal(write)).toMatchObject({ code: '25006' })
    const headers = { 'neon-connection-string': 'postgres://any', 'neon-batch-isolation-level': 'Chaos' }
    const body = JSON.stringify({ queries: [{ query: 'select 1' }] })
    const bad = await fetch(gateway.url, { method: 'POST', headers, body })
    expect([bad.status, await bad.json()]).toEqual([
      400,
      expect.objectContaining({ message: 'invalid isolation level' }),
    ])
    headers['neon-batch-isolation-level'] = 'Serializable'
    const good = await fetch(gateway.url, { method: 'POST', headers, body })
    expect(good.headers.get('neon-batch-isolation-level')).toBe('Serializable')
  },
)

test.for(DATABASES)('OPS-4 an error of Postgres is answered with all its fields, on %s', async (name) => {
  const { sql } = await gatewayOf(name)
  await sql`create table strict (id int4 primary key, word text not null check (word <> 'no'))`
  await sql`insert into strict values (1, 'yes')`
  expect(await refusal(sql`insert into strict values (1, 'again')`)).toMatchObject({
    message: 'duplicate key value violates unique constraint "strict_pkey"',
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (id)=(1) already exists.',
    schema: 'public',
    table: 'strict',
    constraint: 'strict_pkey',
    file: 'nbtinsert.c',
    line: expect.stringMatching(/^\d+$/) as string,
    routine: '_bt_check_unique',
  })
  expect(await refusal(sql`insert into strict values (2, null)`)).toMatchObject({
    code: '23502',
    column: 'word',
  })
  expect(await refusal(sql`insert into strict values (2, 'no')`)).toMatchObject({ code: '23514' })
  expect(await refusal(sql.query('select 1 frm strict'))).toMatchObject({ code: '42601', position: '14' })
  expect(await refusal(sql`select ${'x'}::int4`)).toMatchObject({
    code: '22P02',
    routine: 'pg_strtoint32_safe',
  })
  expect(await refusal(sql`select 1 / 0`)).toMatchObject({ code: '22012' })
  expect(await refusal(sql`select strct.id from strict`)).toMatchObject({ code: '42P01', position: '8' })
  expect(await refusal(sql.query('select 1; select 2'))).toMatchObject({ code: '42601' })
  expect(
    await refusal(sql`do $$ begin raise 'so' using hint = 'try', datatype = 'dt'; end $$`),
  ).toMatchObject({
    message: 'so',
    code: 'P0001',
    hint: 'try',
    dataType: 'dt',
    where: expect.stringContaining('PL/pgSQL') as string,
  })
})

test.for(DATABASES)(
  'OPS-4 drizzle runs batches, and has the SQLSTATE of an error in its cause, on %s',
  async (name) => {
    const { sql } = await gatewayOf(name)
    const db = drizzle({ client: sql })
    const [one, two] = await db.batch([db.execute(text`select 1 as n`), db.execute(text`select 2 as n`)])
    expect([one.rows, two.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]])
    await expect(db.execute(text`select nothing`)).rejects.toMatchObject({ cause: { code: '42703' } })
    await expect(db.transaction(async () => {})).rejects.toThrow('No transactions support')
  },
)
