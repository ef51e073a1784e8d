import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { BUNDLE, RECORD, hashOf, isUpToDate, type BundleRecord } from './bundle-record.ts'
import { ROOT } from './dev-vars.ts'

/** What decides about the bundle besides the modules in it. */
const OWN_SOURCES = ['dev/bundle.ts', 'dev/bundle-plugins.ts', 'package-lock.json']

/**
 * Bundles the Worker into several files, so that a part that is imported dynamically is neither read nor run until
 * somebody asks for it. Wrangler's own bundle is a single file, in which esbuild has to run all of each module that a lazy
 * part shares with the rest: 41 ms more at the start of every isolate
 * (specs/decisions/0023-the-worker-is-bundled-by-esbuild.md).
 */
async function bundle() {
  const [{ build }, { leaveOut }] = await Promise.all([import('esbuild'), import('./bundle-plugins.ts')])
  await mkdir(BUNDLE, { recursive: true })
  const draft = await mkdtemp(join(ROOT, 'dist/.draft-'))
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['worker/index.ts'],
    outdir: draft,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    sourcemap: true,
    // Keeping the names of functions costs time on every call that makes a closure.
    keepNames: false,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['node:*', 'cloudflare:*'],
    // Some packages name Node's modules without the prefix.
    alias: Object.fromEntries(builtinModules.map((name) => [name, `node:${name}`])),
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: leaveOut(),
    logLevel: 'warning',
  })
  const record = recordOf(metafile)
  await writeFile(join(draft, 'record'), JSON.stringify(record))
  // Several may bundle at once while others read: a file is whole when it appears, and chunks, which are named by their
  // content, appear before the entry that imports them.
  const isEntry = (name: string) => Number(name.startsWith('index.'))
  const names = Object.keys(record.files)
  for (const name of names.toSorted((a, b) => isEntry(a) - isEntry(b)))
    await rename(join(draft, name), join(BUNDLE, name))
  await rename(join(draft, 'record'), RECORD)
  await rm(draft, { recursive: true })
  for (const name of await readdir(BUNDLE))
    if (!names.includes(name)) await rm(join(BUNDLE, name), { force: true })
}

function recordOf({ inputs, outputs }: Metafile): BundleRecord {
  const files = Object.entries(outputs).map(([path, { bytes, imports, inputs }]) => [
    basename(path),
    {
      bytes,
      modules: Object.keys(inputs),
      imports: imports
        .filter(({ external }) => !external)
        .map(({ path, kind }) => ({ file: basename(path), isStatic: kind === 'import-statement' })),
    },
  ])
  const sources = [...Object.keys(inputs), ...OWN_SOURCES]
  return { files: Object.fromEntries(files) as BundleRecord['files'], sources, hash: hashOf(sources) }
}

if (!isUpToDate()) await bundle()
