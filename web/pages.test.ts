import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const PAGES = [
  'index',
  'login',
  'register',
  'tasks',
  'account',
  'docs',
  '404',
  'connect',
  'not-connected',
  'out-of-order',
  'chatkit',
]

const readPage = (name: string): Promise<string> =>
  readFile(new URL(`dist/${name}.html`, import.meta.url), 'utf8').catch(() => {
    throw new Error(`no page ${name} in web/dist: run "npm run build"`)
  })

/** Without templates, which are there to be copied and not to be seen. */
const shown = (html: string): string => html.replace(/<template[^]*?<\/template>/g, '')

const count = (html: string, pattern: RegExp): number => [...html.matchAll(pattern)].length

test.for(PAGES)('WEB-2 %s has one heading, one main part and a way to skip to it', async (name) => {
  const html = shown(await readPage(name))
  expect(count(html, /<h1[\s>]/g)).toBe(1)
  expect(count(html, /<main[^>]*id="content"/g)).toBe(1)
  expect(html).toContain('<a class="skip-link" href="#content">')
  expect(html).toContain('<html lang="en">')
})

test.for(PAGES)(
  'WEB-29 %s forbids what it does not need, and has no inline style to forbid',
  async (name) => {
    const html = await readPage(name)
    expect(html).toMatch(/<meta http-equiv="content-security-policy"[^>]*default-src 'self'/)
    // A style element is let through by its hash; an attribute has none.
    expect(count(html, /<[^>]+\sstyle=/g)).toBe(0)
  },
)

test.for(['login', 'register'])(
  'WEB-7 the form of %s cannot put a password into an address',
  async (name) => {
    const html = await readPage(name)
    expect(html).toMatch(/<form [^>]*method="post"/)
    expect(html).toMatch(/<button class="button[^>]*disabled/)
  },
)

test('WEB-1 the start page has a list to tick, in plain HTML', async () => {
  const html = await readPage('index')
  expect(count(html, /<input type="checkbox"/g)).toBeGreaterThanOrEqual(3)
  expect(html).not.toContain('<astro-island')
})

test('WEB-3 the page for an unknown address leads back', async () => {
  const html = await readPage('404')
  expect(html).toContain('href="/tasks"')
  expect(html).toContain('href="/"')
})
