import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Settings } from './settings.ts'

const good = {
  DATABASE_URL: 'postgres://ann:hunter2@db.example/margin',
  BETTER_AUTH_SECRET: 'a-secret-for-tests-that-is-long-enough',
  BETTER_AUTH_URL: 'https://margin.example/',
}

test('OPS-30 settings have defaults; an empty one counts as not set', () => {
  expect(Settings.parse({ ...good, NEON_FETCH_ENDPOINT: '', BETTER_AUTH_SECRET_PREVIOUS: '' })).toEqual({
    ...good,
    BETTER_AUTH_URL: 'https://margin.example',
    ALLOWED_ORIGINS: [],
    TRUSTED_ISSUERS: [],
  })
  expect(
    Settings.parse({ ...good, ALLOWED_ORIGINS: 'https://a.example/, http://b.example:81' }).ALLOWED_ORIGINS,
  ).toEqual(['https://a.example', 'http://b.example:81'])
})

test.each([
  ['BETTER_AUTH_SECRET', { BETTER_AUTH_SECRET: 'short' }],
  ['BETTER_AUTH_SECRET', { BETTER_AUTH_SECRET: undefined }],
  ['BETTER_AUTH_SECRET', { BETTER_AUTH_SECRET: 'replace-me-with-32-or-more-random-characters' }],
  ['BETTER_AUTH_SECRET_PREVIOUS', { BETTER_AUTH_SECRET_PREVIOUS: 'short' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
  ['DATABASE_URL', { DATABASE_URL: undefined }],
  ['DATABASE_URL', { DATABASE_URL: '' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres:x' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:hunter2@/margin' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://db.example/margin' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann@db.example/margin' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:@db.example/margin' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:hunter2@[2001:db8::7]/margin' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:hunter2@db.example' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:hunter2@db.example/' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://ann:hunter2@db.example:port/margin' }],
  ['BETTER_AUTH_URL', { BETTER_AUTH_URL: 'margin.example' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: '*' }],
  ['NEON_FETCH_ENDPOINT', { NEON_FETCH_ENDPOINT: 'localhost' }],
  ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'localhost:11434' }],
  ['OPENAI_API', { OPENAI_API: 'both' }],
])('OPS-30 an invalid %s is refused by its name', (name, wrong) => {
  const parsed = Settings.safeParse({ ...good, ...wrong })
  expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([name])
})

test('OPS-30 a DATABASE_URL without a password or with an IPv6 address is told apart, and not shown', () => {
  const messageOf = (url: string) =>
    Settings.safeParse({ ...good, DATABASE_URL: url }).error?.issues.map(({ message }) => message)
  const example = 'it needs a URL like postgres://user:password@host/database'
  expect(messageOf('postgres://ann@db.example/margin')).toEqual([`lacks a password: ${example}`])
  expect(messageOf('postgres://ann:hunter2@[2001:db8::7]/margin')).toEqual([
    `has an IPv6 address, which Neon does not take: ${example}`,
  ])
})

test('OPS-31 .dev.vars.example names every setting, and no other', () => {
  const example = readFileSync('.dev.vars.example', 'utf8')
  const names = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name)
  expect(names.toSorted()).toEqual(Object.keys(Settings.shape).toSorted())
})
