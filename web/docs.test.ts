import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { describeApi } from '#contract/openapi.ts'
import { ProblemCode } from '#contract/problem.ts'

let html = ''

beforeAll(async () => {
  html = await readFile(new URL('dist/docs.html', import.meta.url), 'utf8')
})

const operations = Object.entries(describeApi('').paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, { operationId: string; parameters?: { name: string }[] }>).map(
    ([method, described]) => ({ path, method: method.toUpperCase(), ...described }),
  ),
)

/** Returns the HTML of one operation. */
const entryOf = (id: string) =>
  new RegExp(`<article class="operation" aria-labelledby="${id}">[^]*?</article>`).exec(html)?.[0] ?? ''

test.for(operations)(
  'WEB-90 $operationId is described with its parameters, responses and a curl command',
  (operation) => {
    const { operationId, path, method, parameters = [] } = operation
    const entry = entryOf(operationId)
    expect(entry).toContain(`<span class="method">${method}</span> <code>${path}</code>`)
    expect(entry).toContain(`data-curl="${operationId}"`)
    for (const { name } of parameters) expect(entry).toContain(`<code>${name}</code>`)
    expect(entry).toMatch(/<dt>20[014]<\/dt>/)
  },
)

test('WEB-90 the reference has no script and links to the machine-readable contract', () => {
  expect(html).not.toContain('<script')
  expect(html).not.toContain('<astro-island')
  expect(html).toContain('href="/api/openapi.json"')
})

test.for(ProblemCode.options)('WEB-91 the problem %s has the entry that its type links to', (code) => {
  const row = new RegExp(`<div class="problem" id="${code}"[^>]*>[^]*?</div>`).exec(html)?.[0]
  expect(row).toMatch(new RegExp(`<dt>\\s*[45]\\d\\d <code>${code}</code>`))
})

test('WEB-90 the operations of the account are in its chapter', () => {
  const [account = ''] = /<section aria-labelledby="account">[^]*?<\/section>/.exec(html) ?? []
  const paths = (text: string) => [...text.matchAll(/<code>(\/api\/[a-z]+)/g)].map((match) => match[1])
  expect(account).not.toBe('')
  expect(new Set(paths(account))).toEqual(new Set(['/api/auth', '/api/account']))
  expect(paths(html.replace(account, '')).filter((path) => path === '/api/account')).toEqual([])
})

test('WEB-91 no two elements of the reference have the same id', () => {
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})
