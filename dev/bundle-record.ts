import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT } from './dev-vars.ts'

/** Where wrangler.toml finds the Worker. */
export const BUNDLE = join(ROOT, 'dist/worker')
/** Beside the bundle rather than in it: everything in there is deployed. */
export const RECORD = join(ROOT, 'dist/worker.json')

const ENTRY = 'index.js'

/** Describes the bundle that dev/bundle.ts has made last. */
export interface BundleRecord {
  /** The files by name: chunks and their source maps. */
  files: Record<string, { bytes: number; modules: string[]; imports: { file: string; isStatic: boolean }[] }>
  /** Paths of all that the bundle is made from. */
  sources: string[]
  /** SHA-256 of the sources' contents. */
  hash: string
}

export const readRecord = (file = RECORD): BundleRecord =>
  JSON.parse(readFileSync(file, 'utf8')) as BundleRecord

/** Returns whether the bundle of the last run is whole, and its sources are as they were then. */
export function isUpToDate(root = ROOT): boolean {
  try {
    const { files, sources, hash } = readRecord(join(root, relative(ROOT, RECORD)))
    const bundle = join(root, relative(ROOT, BUNDLE))
    const isWhole = Object.entries(files).every(
      ([name, { bytes }]) => statSync(join(bundle, name)).size === bytes,
    )
    return isWhole && hash === hashOf(sources, root)
  } catch {
    // There is no bundle, or a source has been removed.
    return false
  }
}

export function hashOf(sources: readonly string[], root = ROOT): string {
  const hash = createHash('sha256')
  for (const path of sources) hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

/** Returns the files that an isolate loads with `file`: itself, and what it imports other than dynamically. */
export function loadedWith(record: BundleRecord, file = ENTRY, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known
  known.add(file)
  for (const { file: next, isStatic } of record.files[file]?.imports ?? [])
    if (isStatic) loadedWith(record, next, known)
  return known
}

/** Returns the bytes of the whole Worker and of what a task call makes an isolate load, each file by gzip -9. */
export function weighBundle(): { allBytes: number; startBytes: number } {
  const record = readRecord()
  const weigh = (names: Iterable<string>) =>
    [...names]
      .filter((name) => name.endsWith('.js'))
      .reduce((bytes, name) => bytes + gzipSync(readFileSync(join(BUNDLE, name)), { level: 9 }).byteLength, 0)
  return { allBytes: weigh(Object.keys(record.files)), startBytes: weigh(loadedWith(record)) }
}
