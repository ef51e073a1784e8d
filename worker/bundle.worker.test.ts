import { expect, test } from 'vitest'
import { loadedWith, readBundle, weighBundle } from '../dev/bundle-weight.ts'

/** The Worker as bundled for this run; it is not started here. */
const bundle = readBundle()

test.each([
  ['OAuth', '/oauth2/public-client-prelogin"'],
  ['MCP', 'server/discover"'],
  ['the agents library', 'Max turns ('],
  ['OpenAI’s client', '/chat/completions'],
  ['the embedded model', 'It stays until you approve'],
])('MCP-6 a task call does not load %s', (_, sign) => {
  const loaded = loadedWith(bundle)
  const withSign = [...bundle].filter(([, text]) => text.includes(sign)).map(([name]) => name)
  expect(withSign).not.toEqual([])
  expect(withSign.filter((name) => loaded.has(name))).toEqual([])
})

test('OPS-44 the Worker weighs at most 700 KiB gz, of which a task call loads at most 300', () => {
  const { all, start } = weighBundle()
  expect(all / 1024).toBeLessThanOrEqual(700)
  expect(start / 1024).toBeLessThanOrEqual(300)
})
