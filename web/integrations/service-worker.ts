import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { ScriptTarget, transpileModule } from 'typescript'

interface Options {
  /** Pages that are not part of the shell. */
  onlineOnly: string[]
  /** Files without a hash that are part of the shell. */
  icons: string[]
}

/**
 * Writes `sw.js`, which caches the site's shell: its pages and hashed files, under a version that is a hash of their
 * content. A private page, which the Worker fills with user data, gets a copy without data under /shell for the service
 * worker, so that no document with user data is ever cached.
 */
export function serviceWorker({ onlineOnly, icons }: Options): AstroIntegration {
  return {
    name: 'margin:service-worker',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const files = (await readdir(dir)).filter((name) => name.endsWith('.html'))
        const names = files
          .map((file) => file.slice(0, -'.html'.length))
          .filter((name) => !onlineOnly.includes(name))
        const assets = [...(await hashedFiles(dir)), ...icons]
        const version = await hashOf([...names.map((name) => `/${name}.html`), ...assets], dir)
        const privatePaths = await readPrivatePaths()
        await mkdir(new URL('shell/', dir), { recursive: true })
        const pages: Record<string, string> = {}
        for (const name of names) {
          const file = new URL(`${name}.html`, dir)
          await writeVersion(file, version)
          const path = name === 'index' ? '/' : `/${name}`
          pages[path] = privatePaths.includes(path) ? `/shell${path}` : path
          if (privatePaths.includes(path)) await copyFile(file, new URL(`shell/${name}.html`, dir))
        }
        const source = await readFile(new URL('../service-worker/sw.ts', import.meta.url), 'utf8')
        const { outputText } = transpileModule(source, {
          compilerOptions: { target: ScriptTarget.ES2022, removeComments: true },
        })
        const shell = JSON.stringify({ version, pages, assets })
        await writeFile(new URL('sw.js', dir), `const SHELL = ${shell}\n${outputText}`)
        logger.info(`shell ${version}: ${Object.keys(pages).length} pages, ${assets.length} files`)
      },
    },
  }
}

/** Returns the paths of the pages that the Worker serves, from wrangler.toml. */
async function readPrivatePaths(): Promise<string[]> {
  const settings = await readFile(new URL('../../wrangler.toml', import.meta.url), 'utf8')
  const line = /^run_worker_first = (\[.*\])$/m.exec(settings)?.[1]
  if (!line)
    throw new Error('wrangler.toml has no line run_worker_first = […], which lists the private pages.')
  return JSON.parse(line) as string[]
}

async function hashedFiles(dir: URL): Promise<string[]> {
  const files = await readdir(new URL('_astro', dir), { recursive: true, withFileTypes: true })
  const root = fileURLToPath(dir)
  return files
    .filter((file) => file.isFile())
    .map((file) => `/${relative(root, join(file.parentPath, file.name)).replaceAll(sep, '/')}`)
    .toSorted()
}

/** Writes the version into the page, so that a newer service worker is announced to older pages only. */
async function writeVersion(file: URL, version: string) {
  const html = await readFile(file, 'utf8')
  await writeFile(file, html.replace('</head>', `<meta name="version" content="${version}"></head>`))
}

async function hashOf(paths: readonly string[], dir: URL): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(await readFile(new URL(`.${path}`, dir)))
  return hash.digest('hex').slice(0, 12)
}
