import { mkdtemp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { ROOT } from './dev-vars.ts'

/** Where wrangler.toml finds what this makes. */
const OUT = join(ROOT, 'dist/worker')

/**
 * Bundles the Worker into several files, so that what is imported dynamically is neither run nor read until somebody
 * asks for it. Wrangler's own bundle is one file, in which esbuild has to run all of each module that a lazy part shares
 * with the rest, unused code included: 56 ms more at the start of every isolate
 * (specs/decisions/0014-oauth-by-better-auth-pages-by-us.md).
 */
async function bundle() {
  await mkdir(OUT, { recursive: true })
  const folder = await mkdtemp(join(ROOT, 'dist/.making-'))
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['worker/index.ts'],
    outdir: folder,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    sourcemap: true,
    // To keep the names of functions costs time on every call that makes a closure.
    keepNames: false,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['module', 'main'],
    external: ['node:*', 'cloudflare:*'],
    alias: Object.fromEntries(NODE_MODULES.map((name) => [name, `node:${name}`])),
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [oneLanguage],
    logLevel: 'warning',
  })
  // Several may bundle at once, and others read what is there: each file is whole, chunks are named by what is in them.
  const made = Object.keys(metafile.outputs).map((path) => path.slice(path.lastIndexOf('/') + 1))
  const last = (name: string) => Number(name.startsWith('index.'))
  for (const name of made.toSorted((a, b) => last(a) - last(b)))
    await rename(join(folder, name), join(OUT, name))
  await rm(folder, { recursive: true })
  for (const name of await readdir(OUT)) if (!made.includes(name)) await rm(join(OUT, name), { force: true })
}

/** Modules of Node as packages name them that are older than the prefix. */
const NODE_MODULES = ['async_hooks', 'buffer', 'crypto', 'events', 'stream', 'util']

/** Messages of zod in fifty languages that nobody here sets; English, the default, is imported by itself. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (build) =>
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' })),
}

await bundle()
