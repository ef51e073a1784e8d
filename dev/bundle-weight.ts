import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT } from './dev-vars.ts'

/** Where dev/bundle.ts puts the Worker. */
const FOLDER = join(ROOT, 'dist/worker')
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g

/** The modules of the Worker as it was bundled last: text by name. */
export function readBundle(): Map<string, string> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.js'))
  return new Map(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]))
}

/** The names of what every isolate runs at its start: a module, and whatever it imports other than dynamically. */
export function loadedWith(bundle: Map<string, string>, name = 'index.js', known = new Set<string>()) {
  if (known.has(name)) return known
  known.add(name)
  for (const [, next = ''] of (bundle.get(name) ?? '').matchAll(STATIC_IMPORT))
    loadedWith(bundle, next, known)
  return known
}

/** Bytes, each module compressed by gzip -9: of all the Worker, and of what a task call makes an isolate load. */
export function weighBundle(): { all: number; start: number } {
  const bundle = readBundle()
  const weigh = (names: Iterable<string>) =>
    [...names].reduce((bytes, name) => bytes + gzipSync(bundle.get(name) ?? '', { level: 9 }).byteLength, 0)
  return { all: weigh(bundle.keys()), start: weigh(loadedWith(bundle)) }
}
