import { mkdtemp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
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
    mainFields: ['browser', 'module', 'main'],
    external: ['node:*', 'cloudflare:*'],
    // Modules of Node as packages name them that are older than the prefix.
    alias: Object.fromEntries(builtinModules.map((name) => [name, `node:${name}`])),
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [oneLanguage, unreached],
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

/** Messages of zod in fifty languages that nobody here sets; English, the default, is imported by itself. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (build) =>
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' })),
}

/**
 * What the packages of the assistant bring for others, and tree shaking cannot tell: all of OpenAI's API but the two
 * ways to a model, tools described by zod (ours are by JSON Schema; it brings the whole of zod 3), and sandboxes. In its
 * place stand empty classes of the same names; 87 KiB gz.
 */
const unreached: Plugin = {
  name: 'unreached',
  setup: (build) => {
    build.onLoad(
      {
        filter:
          /\/node_modules\/openai\/(?:resources\/|helpers\/zod\.mjs$)|\/agents-core\/dist\/sandbox\/(memory|capabilities)/,
      },
      async ({ path }) => {
        if (/\/resources\/(chat|responses|index|shared)/.test(path)) return
        const text = await readFile(path, 'utf8')
        const declared = [...text.matchAll(/^export (?:class|const|function) (\w+)/gm)].map(
          ([, name]) => name,
        )
        const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = '']) =>
          names.split(',').map((name) => name.trim().split(' as ').at(-1)),
        )
        const names = [...new Set([...declared, ...listed])].filter(Boolean)
        return { contents: names.map((name) => `export class ${name} {}`).join('\n') }
      },
    )
    // The agent has its tools at hand; it is a client of no MCP server, and a Worker starts no processes.
    build.onLoad({ filter: /\/agents-core\/dist\/shims\/mcp-server\/node\.mjs$/ }, ({ path }) => ({
      contents: `export { MCPServerStdio as NodeMCPServerStdio, MCPServerSSE as NodeMCPServerSSE,
        MCPServerStreamableHttp as NodeMCPServerStreamableHttp } from './browser.mjs'`,
      resolveDir: dirname(path),
    }))
  },
}

await bundle()
