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

/** Removes templates, which are not rendered. */
const withoutTemplates = (html: string): string => html.replace(/<template[^]*?<\/template>/g, '')

const count = (html: string, pattern: RegExp): number => [...html.matchAll(pattern)].length

test.for(PAGES)('WEB-2 %s has one h1, one main landmark and a skip link', async (name) => {
  const html = withoutTemplates(await readPage(name))
  expect(count(html, /<h1[\s>]/g)).toBe(1)
  expect(count(html, /<main[^>]*id="content"/g)).toBe(1)
  expect(html).toContain('<a class="skip-link" href="#content">')
  expect(html).toContain('<html lang="en">')
})

test.for(PAGES)('WEB-29 %s has a strict content security policy and no inline style', async (name) => {
  const html = await readPage(name)
  expect(html).toMatch(/<meta http-equiv="content-security-policy"[^>]*default-src 'self'/)
  // The policy allows a style element by its hash; an attribute has none.
  expect(count(html, /<[^>]+\sstyle=/g)).toBe(0)
})

test.for(['login', 'register'])('WEB-7 the form of %s cannot put a password into a URL', async (name) => {
  const html = await readPage(name)
  expect(html).toMatch(/<form [^>]*method="post"/)
  expect(html).toMatch(/<button class="button[^>]*disabled/)
})

test('WEB-1 the start page has a list to tick in plain HTML', async () => {
  const html = await readPage('index')
  expect(count(html, /<input type="checkbox"/g)).toBeGreaterThanOrEqual(3)
  expect(html).not.toContain('<astro-island')
})

test('WEB-3 the page for an unknown address has links back', async () => {
  const html = await readPage('404')
  expect(html).toContain('href="/tasks"')
  expect(html).toContain('href="/"')
})
