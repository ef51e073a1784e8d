import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../tests/support/free-port.ts'
import { AS_ANYBODY, newFolder, SECRET, start } from '../tests/support/start.ts'

/** That it ended with exit code 1 and said but one line, with `words` in it. */
async function expectComplaint({ said, ended }: Awaited<ReturnType<typeof start>>, words: string | RegExp) {
  const code = await ended
  expect({ code, ...said }).toEqual({ code: 1, out: '', error: expect.stringMatching(words) as string })
  expect(said.error).toMatch(/^margin: [^\n]*\n$/)
}

test.for([
  [
    'a short secret',
    { BETTER_AUTH_SECRET: 'short' },
    /BETTER_AUTH_SECRET needs at least 32 characters; make one/,
  ],
  [
    'an empty secret',
    { BETTER_AUTH_SECRET: '' },
    /BETTER_AUTH_SECRET needs at least 32 characters; make one/,
  ],
  [
    'a LOCAL_DATABASE_URL that is none',
    { LOCAL_DATABASE_URL: 'localhost:5432' },
    /LOCAL_DATABASE_URL is wrong/,
  ],
  [
    'an endpoint but no DATABASE_URL',
    { NEON_FETCH_ENDPOINT: 'http://127.0.0.1:9/sql' },
    /DATABASE_URL needs a URL/,
  ],
  ['a DATA_DIR that is no folder', { DATA_DIR: 'memory://' }, /DATA_DIR is wrong: it needs a folder/],
  [
    'a DATABASE_URL that nothing here leads to',
    { DATABASE_URL: 'postgres://margin:hunter2@db.example/margin' },
    /^margin: DATABASE_URL names db\.example, which is not Neon: [^\n]* LOCAL_DATABASE_URL, [^\n]* NEON_FETCH_ENDPOINT\n$/,
  ],
  ['a port that is none', { PORT: 'eighty' }, /PORT is wrong: it needs a number from 1 to 65535/],
  ['a port beyond all', { DB_PORT: '70000' }, /DB_PORT is wrong/],
  ['an origin that is none', { BETTER_AUTH_URL: 'localhost' }, /BETTER_AUTH_URL /],
] as const)('OPS-11 %s is refused with one line', async ([, env, words]) => {
  const file = join(newFolder(), 'dev.vars')
  writeFileSync(file, '')
  await expectComplaint(await start({ BETTER_AUTH_SECRET: SECRET, DEV_VARS: file, ...env }), words)
})

test('OPS-11 the example’s secret is refused', async () => {
  const file = join(newFolder(), 'dev.vars')
  writeFileSync(file, 'BETTER_AUTH_SECRET="replace-me-with-32-or-more-random-characters"')
  await expectComplaint(await start({ DEV_VARS: file }), /BETTER_AUTH_SECRET still holds the example/)
})

test('OPS-11 a LOCAL_DATABASE_URL where nobody listens is refused, its password untold', async () => {
  const url = `postgres://margin:hunter2@127.0.0.1:${await freePort()}/margin`
  const started = await start({ BETTER_AUTH_SECRET: SECRET, LOCAL_DATABASE_URL: url })
  expect(await started.ended).toBe(1)
  expect(started.said.error).toMatch(
    /^margin: the PostgreSQL of LOCAL_DATABASE_URL \(127\.0\.0\.1:\d+\/margin\) cannot be used: [^\n]*ECONNREFUSED[^\n]*\n$/,
  )
  expect(started.said.error).not.toContain('hunter2')
})

test.for([
  ['PORT', 'Margin'],
  ['DB_PORT', "the database's gateway"],
] as const)('OPS-12 a %s that is taken is named, and how to choose another', async ([setting, purpose]) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  await expectComplaint(
    await start({ BETTER_AUTH_SECRET: SECRET, [setting]: String(port) }),
    new RegExp(`port ${port}, for ${purpose}, is taken; choose another: ${setting}=\\d+ npm start`),
  )
})

test('OPS-12 a data folder that cannot be used is named', async () => {
  const folder = newFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expectComplaint(
    await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: join(file, 'data') }),
    /the data folder \S+ cannot be used: ENOTDIR/,
  )
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0o000)
  await expectComplaint(
    await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: closed }, AS_ANYBODY),
    /the data folder \S+ cannot be used: EACCES/,
  )
})

test('OPS-12 a DB_PORT that is taken while the database opens is named as such', async () => {
  const dbPort = await freePort()
  const started = await start({ BETTER_AUTH_SECRET: SECRET, DB_PORT: String(dbPort) })
  await new Promise((resolve) => started.child.stdout.once('data', resolve))
  const server = createServer().listen(dbPort, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  expect(await started.ended).toBe(1)
  expect(started.said.error).toMatch(
    new RegExp(
      `^margin: port ${dbPort}, for the database's gateway, is taken; choose another: DB_PORT=\\d+ `,
    ),
  )
})

test('OPS-12 a data folder whose database is no database is named, and left as it is', async () => {
  const data = join(newFolder(), 'data')
  mkdirSync(join(data, 'postgres'), { recursive: true })
  writeFileSync(join(data, 'postgres/PG_VERSION'), '7\n')
  const { said, ended } = await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: data })
  expect(await ended).toBe(1)
  expect(said.error).toMatch(
    /^margin: the database in \S+ does not open: [^\n]*; move the folder away, or [^\n]*\n$/,
  )
  expect(readdirSync(join(data, 'postgres'))).toEqual(['PG_VERSION'])
})
