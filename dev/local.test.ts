import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../tests/support/free-port.ts'
import { startRealPostgres } from '../tests/support/real-postgres.ts'
import { UNPRIVILEGED, newFolder, SECRET, start } from '../tests/support/start.ts'

/** Asserts that it ended with exit code 1 and printed a single line, with `words` in it. */
async function expectRefusal({ said, ended }: Awaited<ReturnType<typeof start>>, words: string | RegExp) {
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
    'a LOCAL_DATABASE_URL that is not a URL',
    { LOCAL_DATABASE_URL: 'localhost:5432' },
    /LOCAL_DATABASE_URL is wrong/,
  ],
  [
    'an endpoint but no DATABASE_URL',
    { NEON_FETCH_ENDPOINT: 'http://127.0.0.1:9/sql' },
    /DATABASE_URL needs a URL/,
  ],
  ['a DATA_DIR that is not a folder', { DATA_DIR: 'memory://' }, /DATA_DIR is wrong: it needs a folder/],
  [
    'a DATABASE_URL that no endpoint leads to',
    { DATABASE_URL: 'postgres://margin:hunter2@db.example/margin' },
    /^margin: DATABASE_URL names db\.example, which is not Neon: [^\n]* LOCAL_DATABASE_URL, [^\n]* NEON_FETCH_ENDPOINT\n$/,
  ],
  ['a port that is not a number', { PORT: 'eighty' }, /PORT is wrong: it needs a number from 1 to 65535/],
  ['a port that is too high', { DB_PORT: '70000' }, /DB_PORT is wrong/],
  ['an origin that is not a URL', { BETTER_AUTH_URL: 'localhost' }, /BETTER_AUTH_URL /],
] as const)('OPS-11 %s is refused with one line', async ([, env, words]) => {
  const file = join(newFolder(), 'dev.vars')
  writeFileSync(file, '')
  await expectRefusal(await start({ BETTER_AUTH_SECRET: SECRET, DEV_VARS: file, ...env }), words)
})

test('OPS-11 the example’s secret is refused', async () => {
  const file = join(newFolder(), 'dev.vars')
  writeFileSync(file, 'BETTER_AUTH_SECRET="replace-me-with-32-or-more-random-characters"')
  await expectRefusal(await start({ DEV_VARS: file }), /BETTER_AUTH_SECRET still holds the example/)
})

test('OPS-11 a LOCAL_DATABASE_URL where nobody listens is refused, without its password', async () => {
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
  await expectRefusal(
    await start({ BETTER_AUTH_SECRET: SECRET, [setting]: String(port) }),
    new RegExp(`port ${port}, for ${purpose}, is taken; choose another: ${setting}=\\d+ npm start`),
  )
})

test('OPS-12 a data folder that cannot be used is named', async () => {
  const folder = newFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expectRefusal(
    await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: join(file, 'data') }),
    /the data folder \S+ cannot be used: ENOTDIR/,
  )
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0o000)
  await expectRefusal(
    await start({ BETTER_AUTH_SECRET: SECRET, DATA_DIR: closed }, UNPRIVILEGED),
    /the data folder \S+ cannot be used: EACCES/,
  )
})

test('OPS-12 a DB_PORT that is taken while the database opens is named as such', async () => {
  const real = await startRealPostgres()
  onTestFinished(real.stop)
  const dbPort = await freePort()
  // PostgreSQL is reached, and so the database opens, only once the port is taken.
  const { promise: taken, resolve: allow } = Promise.withResolvers<void>()
  const detour = createNetServer((socket) => {
    const onward = connect(Number(new URL(real.url).port), '127.0.0.1').on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy()).pipe(onward)
    void taken.then(() => onward.pipe(socket))
  }).listen(0, '127.0.0.1')
  await once(detour, 'listening')
  onTestFinished(() => void detour.close())
  const url = new URL(real.url)
  url.port = String((detour.address() as AddressInfo).port)
  const connected = once(detour, 'connection')
  const started = await start({
    BETTER_AUTH_SECRET: SECRET,
    LOCAL_DATABASE_URL: url.href,
    DB_PORT: String(dbPort),
  })
  await connected
  const server = createServer().listen(dbPort, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  allow()
  expect(await started.ended).toBe(1)
  expect(started.said.error).toMatch(
    new RegExp(
      `^margin: port ${dbPort}, for the database's gateway, is taken; choose another: DB_PORT=\\d+ `,
    ),
  )
})

test('OPS-12 a data folder that holds no database is named, and left as it is', async () => {
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
