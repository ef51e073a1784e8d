import { expect, test } from 'vitest'
import { freePort } from '../tests/support/free-port.ts'
import { runHere } from '../tests/support/start.ts'

test('OPS-17 db:seed prints one line that says what is missing', async () => {
  const line = (words: string) => ({
    code: 1,
    said: expect.stringMatching(`^margin: [^\\n]*${words}[^\\n]*\\n$`) as string,
  })
  expect(await runHere(['dev/seed.ts'])).toEqual(line('whose account'))
  expect(await runHere(['dev/seed.ts', '--email', 'a@b.example', '--tasks', 'many'])).toEqual(
    line('whole number'),
  )
  expect(await runHere(['dev/seed.ts', '--people', '3'])).toEqual(line("Unknown option '--people'"))
  const url = `http://localhost:${await freePort()}`
  const unreachable = ['dev/seed.ts', '--email', 'a@b.example', '--url', url]
  expect(await runHere(unreachable)).toEqual(line(`no Margin answers at ${url}`))
  expect(await runHere(['dev/seed.ts', '--help'])).toEqual({
    code: 0,
    said: expect.stringContaining('npm run db:seed -- --email') as string,
  })
})

test('OPS-18 deploying without a DATABASE_URL in the environment stops before it does anything', async () => {
  expect(await runHere(['dev/deploy.ts'])).toEqual({
    code: 1,
    said: "margin: DATABASE_URL is missing: give the production one, DATABASE_URL='postgres://…' npm run deploy\n",
  })
  expect(await runHere(['dev/deploy.ts'], { DATABASE_URL: 'mysql://u:hunter2@db/m' })).toEqual({
    code: 1,
    said: 'margin: DATABASE_URL is wrong: it needs a URL like postgres://user:password@host/database\n',
  })
})
