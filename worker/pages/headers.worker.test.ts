import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)

const files = readdirSync('web/dist', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== '_headers')
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice('web/dist'.length))

/** The path of each file: pages are served without their extension. */
const paths = files
  .map((file) => file.replace(/(index)?\.html$/, '') || '/')
  // These need a query or a setting: see MCP-23 and CHAT-89.
  .filter((path) => path !== '/connect' && path !== '/chatkit')

const EXPECTED = {
  'content-security-policy': "frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** The list shows the assistant in a frame; no other page may be framed, and no other site may frame it. */
const framingOf = (path: string) =>
  /^(?:\/shell)?\/chat$/.test(path) ? { 'content-security-policy': "frame-ancestors 'self'" } : {}

/** Returns the headers of a response, and reads its body to free the connection. */
async function headersOf(path: string, headers: Record<string, string> = {}) {
  const response = await worker.fetch(path, { headers })
  await response.arrayBuffer()
  return { status: response.status, ...Object.fromEntries(response.headers) }
}

test('OPS-40 CHAT-71 every page and file of the site carries the security headers', async () => {
  expect(paths).toEqual(
    expect.arrayContaining(['/', '/login', '/tasks', '/chat', '/shell/chat', '/docs', '/sw.js']),
  )
  for (const path of paths) {
    const headers = await headersOf(path, { Cookie: ann.cookie })
    expect({ path, ...headers }).toMatchObject({ path, status: 200, ...EXPECTED, ...framingOf(path) })
    expect(headers).toMatchObject({ 'permissions-policy': expect.stringContaining('camera=()') })
  }
})

test('CHAT-71 a stranger is sent to log in, but gets the bare page in a frame, without data', async () => {
  expect(await headersOf('/chat')).toMatchObject({
    status: 302,
    location: '/login?next=%2Fchat',
    ...EXPECTED,
  })
  const framed = await worker.fetch('/chat?beside')
  expect(framed.status).toBe(200)
  expect(framed.headers.get('Content-Security-Policy')).toBe("frame-ancestors 'self'")
  expect(framed.headers.get('Cache-Control')).toBe('private, no-store')
  expect(await framed.text()).not.toContain('id="margin-session"')
})

test('OPS-40 so do the 404 page and the redirect of a stranger to the login', async () => {
  expect(await headersOf('/no-such-page')).toMatchObject({ status: 404, ...EXPECTED })
  expect(await headersOf('/tasks')).toMatchObject({ status: 302, ...EXPECTED })
})

test('OPS-40 the API tells browsers to use HTTPS only, and to run and frame nothing', async () => {
  for (const path of ['/api/health', '/api/tasks', '/api/nothing'])
    expect(await headersOf(path)).toMatchObject({
      'strict-transport-security': EXPECTED['strict-transport-security'],
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
})

test('OPS-41 files with a hash in their name are cached for a year, all others are revalidated', async () => {
  for (const path of paths) {
    const { 'cache-control': kept } = (await headersOf(path, { Cookie: ann.cookie })) as Record<
      string,
      unknown
    >
    expect(kept).toMatch(
      path.startsWith('/_astro/') ? /^public, max-age=31536000, immutable$/ : /no-cache|no-store|max-age=0/,
    )
  }
  expect(await headersOf('/sw.js')).toMatchObject({ 'cache-control': 'no-cache' })
})

test('OPS-41 a page with a user’s data is cached by nobody', async () => {
  for (const headers of [{ Cookie: ann.cookie }, {}])
    expect(await headersOf('/tasks', headers)).toMatchObject({ 'cache-control': 'private, no-store' })
})
