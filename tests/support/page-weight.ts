import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

/** Bytes on the wire at brotli 11, each file compressed by itself. */
interface PageWeight {
  js: number
  css: number
  /** HTML, script and style; fonts and pictures aside. */
  total: number
}

const INLINE_SCRIPT = /<script(?![^>]*\bsrc=)(?![^>]*application\/json)[^>]*>([^]*?)<\/script>/g
/** Scripts of our own; those of other origins do not count. */
const SCRIPT_URL = /(?:<script[^>]+src|component-url|renderer-url|rel="modulepreload"[^>]+href)="(\/[^"]+)"/g
const STYLE_URL = /<link[^>]+href="([^"]+\.css)"/g
/** Static and dynamic imports: everything that a page may load. */
const IMPORT_URL = /(?:\bfrom|\bimport)\s*\(?\s*["'`](\.{0,2}\/[^"'`]+\.js)["'`]/g

/** Returns the weight of each page of a built site, by path: its HTML and every module that it and its islands lead to, once. */
export async function pageWeights(distDir: string): Promise<Record<string, PageWeight>> {
  const pages = (await readdir(distDir)).filter((name) => name.endsWith('.html'))
  if (pages.length === 0) throw new Error(`No pages in ${distDir}: run "npm run build" first.`)
  const weights = pages.map(async (name) => [pathOf(name), await weigh(distDir, name)] as const)
  return Object.fromEntries(await Promise.all(weights))
}

const pathOf = (name: string): string => `/${name.slice(0, -'.html'.length)}`.replace(/^\/index$/, '/')

async function weigh(distDir: string, name: string): Promise<PageWeight> {
  const html = await readFile(join(distDir, name), 'utf8')
  const inline = matches(html, INLINE_SCRIPT).join('\n')
  const fileOf = (url: string): string => join(distDir, url)
  const modules = await moduleGraph([
    ...matches(html, SCRIPT_URL).map(fileOf),
    ...matches(inline, IMPORT_URL).map(fileOf),
  ])
  const styles = await Promise.all([...new Set(matches(html, STYLE_URL))].map((url) => readFile(fileOf(url))))
  const js = sum([inline, ...modules.values()])
  const css = sum(styles)
  return { js, css, total: js + css + brotliBytes(html) - brotliBytes(inline) }
}

/** Returns the text of every module that `entries` lead to, by file. */
async function moduleGraph(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>()
  const waiting = [...entries]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (modules.has(file)) continue
    const text = await readFile(file, 'utf8')
    modules.set(file, text)
    const folder = dirname(file)
    waiting.push(...matches(text, IMPORT_URL).map((url) => resolve(folder, url)))
  }
  return modules
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '')

const sum = (texts: readonly (string | Buffer)[]): number =>
  texts.reduce((bytes, text) => bytes + (text.length > 0 ? brotliBytes(text) : 0), 0)

const brotliBytes = (text: string | Buffer): number =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).byteLength
