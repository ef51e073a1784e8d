import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { createTestHarness } from 'wrangler'

/** Runs the functions in workerd, which alone has an HTMLRewriter: each path is a case. */
const ENTRY = `
  import { fillSlots, repeatTemplate, rewriteHtml, showIf } from './worker/pages/rewrite.ts'

  const PAGE = '<ul><template data-slot="row"><li data-slot="name"></li></template></ul><template data-slot="note"><b>Note</b></template>'
  const CASES = {
    fill: () => fillSlots('<p data-slot="a">old</p><a data-slot="b"></a>', {
      a: (element) => element.setInnerContent('<script>&amp;'),
      b: (element) => element.setAttribute('href', '"><script>'),
    }),
    repeat: async () => {
      const names = ['Ann', '<b>'].values()
      return fillSlots(await repeatTemplate(PAGE, 'row', 2), { name: (li) => li.setInnerContent(names.next().value) })
    },
    none: () => repeatTemplate(PAGE, 'row', 0),
    shown: () => fillSlots(PAGE, { note: showIf(true) }),
    hidden: () => fillSlots(PAGE, { note: showIf(false) }),
    'no-slot': () => fillSlots(PAGE, { note: showIf(true), email: () => {}, place: () => {} }),
    'no-template': () => repeatTemplate(PAGE, 'line', 1),
    'no-element': () => rewriteHtml('<p></p>', { head: () => {} }),
  }
  export default {
    async fetch(request) {
      const run = CASES[new URL(request.url).pathname.slice(1)]
      return new Response(await run().catch((error) => 'Error: ' + error.message))
    },
  }`

const folder = await mkdtemp(join(tmpdir(), 'margin-rewrite-'))
await build({
  stdin: { contents: ENTRY, resolveDir: process.cwd(), loader: 'ts' },
  bundle: true,
  format: 'esm',
  outfile: join(folder, 'index.js'),
})
const configPath = join(folder, 'wrangler.toml')
await writeFile(
  configPath,
  'name = "rewrite"\nmain = "index.js"\nno_bundle = true\ncompatibility_date = "2026-11-01"\n',
)
const server = createTestHarness({ workers: [{ configPath }] })
const { url } = await server.listen()
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const run = async (name: string) => (await fetch(new URL(name, url))).text()

test('AUTH-104 text that is filled into a page is escaped', async () => {
  expect(await run('fill')).toBe('<p>&lt;script&gt;&amp;amp;</p><a href="&quot;><script>"></a>')
})

test('AUTH-104 a template is repeated, in order, or not at all', async () => {
  expect(await run('repeat')).toMatch(/^<ul><li>Ann<\/li><li>&lt;b&gt;<\/li><\/ul>/)
  expect(await run('none')).toMatch(/^<ul><\/ul>/)
})

test('AUTH-104 the content of a template is shown or removed', async () => {
  expect(await run('shown')).toMatch(/<\/ul><b>Note<\/b>$/)
  expect(await run('hidden')).toMatch(/<\/ul>$/)
})

test.each([
  ['no-slot', 'Error: The page has no [data-slot="email"], [data-slot="place"].'],
  ['no-template', 'Error: The page has no [data-slot="line"].'],
  ['no-element', 'Error: The page has no head.'],
])('AUTH-104 a page without what is to be filled is an error: %s', async (name, message) => {
  expect(await run(name)).toBe(message)
})
