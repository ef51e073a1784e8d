import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { ScriptTarget, transpileModule } from 'typescript'

interface Options {
  /** Pages that the shell leaves to the network. */
  online: string[]
  /** Files of the site, besides the hashed ones, that the shell brings. */
  pictures: string[]
}

/**
 * Writes `sw.js`, which keeps the site's shell on the device: every page and every hashed file, under a version
 * that is the hash of all of it. Of the pages that the Worker writes a person's data into, a bare copy is made
 * under /shell, for the service worker alone: the personal document is never kept.
 */
export function serviceWorker({ online, pictures }: Options): AstroIntegration {
  return {
    name: 'margin:service-worker',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const files = (await readdir(dir)).filter((name) => name.endsWith('.html'))
        const names = files
          .map((file) => file.slice(0, -'.html'.length))
          .filter((name) => !online.includes(name))
        const assets = [...(await hashedFiles(dir)), ...pictures]
        const version = await hashOf([...names.map((name) => `/${name}.html`), ...assets], dir)
        const personal = await personalPages()
        await mkdir(new URL('shell/', dir), { recursive: true })
        const pages: Record<string, string> = {}
        for (const name of names) {
          const file = new URL(`${name}.html`, dir)
          await writeVersion(file, version)
          const path = name === 'index' ? '/' : `/${name}`
          pages[path] = personal.includes(path) ? `/shell${path}` : path
          if (personal.includes(path)) await copyFile(file, new URL(`shell/${name}.html`, dir))
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

/** Addresses of pages that wake the Worker, as wrangler.toml tells. */
async function personalPages(): Promise<string[]> {
  const settings = await readFile(new URL('../../wrangler.toml', import.meta.url), 'utf8')
  const line = /^run_worker_first = (\[.*\])$/m.exec(settings)?.[1]
  if (!line) throw new Error('wrangler.toml has no line run_worker_first = […], which tells personal pages.')
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

/** Lets a page know which version it is, so that a newer service worker is announced to older pages alone. */
async function writeVersion(file: URL, version: string) {
  const html = await readFile(file, 'utf8')
  await writeFile(file, html.replace('</head>', `<meta name="version" content="${version}"></head>`))
}

async function hashOf(paths: readonly string[], dir: URL): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(await readFile(new URL(`.${path}`, dir)))
  return hash.digest('hex').slice(0, 12)
}
