import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder, SECRET } from '../tests/support/start.ts'
import { readLocalSettings } from './local-settings.ts'

const EMBEDDED = expect.stringMatching(/\.data.postgres$/) as string
const GATEWAY = 'http://127.0.0.1:4444/sql'
const NEON = 'postgres://u:p@ep-x-1.eu-central-1.aws.neon.tech/margin?sslmode=require'
const ELSEWHERE = 'http://db.example/sql'

/** Reads settings from an environment and a file. */
function read(env: Record<string, string>, file = '', hot = false) {
  const path = join(newFolder(), 'dev.vars')
  writeFileSync(path, `BETTER_AUTH_SECRET=${SECRET}\n${file}`)
  return readLocalSettings({ DEV_VARS: path, ...env }, hot)
}

test('OPS-15 by default everything is on this machine, whatever addresses the file has', () => {
  const file = `DATABASE_URL=${NEON}\nNEON_FETCH_ENDPOINT=${ELSEWHERE}\nALLOWED_ORIGINS=https://file.example\n`
  const { worker, ...rest } = read({}, file)
  expect(rest).toMatchObject({
    port: 8787,
    dbPort: 4444,
    database: EMBEDDED,
    origin: 'http://localhost:8787',
  })
  expect(worker).toEqual({
    BETTER_AUTH_SECRET: SECRET,
    BETTER_AUTH_URL: 'http://localhost:8787',
    NEON_FETCH_ENDPOINT: GATEWAY,
    DATABASE_URL: 'postgres://margin:margin@localhost/margin',
    ALLOWED_ORIGINS: 'https://file.example',
  })
})

test.for([
  [{ LOCAL_DATABASE_URL: 'postgres://u:p@db:5432/m' }, 'postgres://u:p@db:5432/m', GATEWAY],
  [{ LOCAL_DATABASE_URL: 'postgres://u@[2001:db8::7]/m' }, 'postgres://u@[2001:db8::7]/m', GATEWAY],
  [{ DATABASE_URL: 'postgres://u:p@localhost/m' }, EMBEDDED, GATEWAY],
  [{ DATABASE_URL: 'postgres://u:p@[::1]:5432/m' }, EMBEDDED, GATEWAY],
  [{ DATABASE_URL: NEON }, undefined, undefined],
  [{ DATABASE_URL: 'postgres://u:p@db/m', NEON_FETCH_ENDPOINT: ELSEWHERE }, undefined, ELSEWHERE],
  [{ DATABASE_URL: NEON, NEON_FETCH_ENDPOINT: ELSEWHERE }, undefined, ELSEWHERE],
  [{ DATABASE_URL: NEON, LOCAL_DATABASE_URL: 'postgres://u:p@db/m' }, 'postgres://u:p@db/m', GATEWAY],
  [{ NEON_FETCH_ENDPOINT: '' }, EMBEDDED, GATEWAY],
] as [Record<string, string>, string | undefined, string | undefined][])(
  'OPS-15 the environment %o decides which database is used',
  ([env, database, endpoint]) => {
    const settings = read(env, `NEON_FETCH_ENDPOINT=http://127.0.0.1:1/sql`)
    expect(settings.database).toEqual(database)
    expect(settings.worker['NEON_FETCH_ENDPOINT']).toBe(endpoint)
    const url = env['DATABASE_URL'] ?? 'postgres://margin:margin@localhost/margin'
    expect(settings.worker['DATABASE_URL']).toBe(url)
  },
)

test.for([
  [{}, 'BETTER_AUTH_URL=http://localhost:8787', 'http://localhost:8787'],
  [{ PORT: '9000' }, 'BETTER_AUTH_URL=http://localhost:8787', 'http://localhost:9000'],
  [{ PORT: '9000' }, 'BETTER_AUTH_URL=https://tasks.example', 'https://tasks.example'],
  [{ PORT: '9000' }, 'BETTER_AUTH_URL=http://localhost.example', 'http://localhost.example'],
  [{ BETTER_AUTH_URL: 'https://env.example' }, 'BETTER_AUTH_URL=https://file.example', 'https://env.example'],
] as [Record<string, string>, string, string][])(
  'OPS-15 an origin on this machine follows the port, a chosen one stays: %o, %s',
  ([env, file, origin]) => expect(read(env, file).worker['BETTER_AUTH_URL']).toBe(origin),
)

test('OPS-15 the origin of a site that reloads has that site’s port', () => {
  expect(read({}, '', true).origin).toBe('http://localhost:4321')
})

test('OPS-15 a setting of the environment wins over the file', () => {
  const { worker } = read(
    { ALLOWED_ORIGINS: '', TRUSTED_ISSUERS: 'https://a.example' },
    'ALLOWED_ORIGINS=https://b.example',
  )
  expect(worker).toMatchObject({ ALLOWED_ORIGINS: '', TRUSTED_ISSUERS: 'https://a.example' })
})
