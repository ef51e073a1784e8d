import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startWorker } from '../../tests/support/worker.ts'

// Starting it bundles it.
await startWorker()

const FOLDER = 'dist/worker'
const textOf = (name: string) => readFileSync(`${FOLDER}/${name}`, 'utf8')

/** What runs at the start of an isolate: a module, and whatever it imports other than dynamically. */
function loadedWith(name: string, known = new Set<string>()): Set<string> {
  if (known.has(name)) return known
  known.add(name)
  for (const [, next = ''] of textOf(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
    loadedWith(next, known)
  return known
}

test.each([
  ['OAuth', '/oauth2/public-client-prelogin"'],
  ['MCP', 'server/discover"'],
  ['the agents library', 'Max turns ('],
  ['OpenAI’s client', '/chat/completions'],
  ['the embedded model', 'Shall I delete'],
])('MCP-6 %s is no part of what a task call loads', (_, sign) => {
  const all = readdirSync(FOLDER).filter((name) => name.endsWith('.js'))
  const loaded = [...loadedWith('index.js')]
  const lazy = all.filter((name) => !loaded.includes(name))
  expect(lazy.filter((name) => textOf(name).includes(sign))).not.toEqual([])
  expect(loaded.filter((name) => textOf(name).includes(sign))).toEqual([])
})
