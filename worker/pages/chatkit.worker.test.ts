import { expect, test } from 'vitest'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { PAGE_SESSION_ELEMENT, PageSession } from '../contract/page.ts'

const OPENAI = 'https://cdn.platform.openai.com'

const keyed = await startWorker({ CHATKIT_DOMAIN_KEY: 'domain_pk_</script>' })
const plain = await startWorker()
const ann = await signUp(plain)
const headers = { Cookie: ann.cookie }

const policyOf = (html: string) =>
  new Map(
    /<meta http-equiv="content-security-policy" content="([^"]*)"/
      .exec(html)?.[1]
      ?.split(';')
      .map((directive) => directive.trim().split(' '))
      .map(([name = '', ...sources]) => [name, sources]),
  )

test('CHAT-89 with a key /chat is the page of OpenAI’s ChatKit, for its user alone', async () => {
  const stranger = await keyed.fetch('/chat')
  expect([stranger.status, stranger.headers.get('Location')]).toEqual([302, '/login?next=%2Fchat'])

  const page = await keyed.fetch('/chat', { headers })
  expect(page.status).toBe(200)
  expect(page.headers.get('Cache-Control')).toBe('private, no-store')
  expect(page.headers.get('Content-Security-Policy')).toBe("frame-ancestors 'none'")
  const html = await page.text()
  expect(html).toContain(`src="${OPENAI}/deployments/chatkit/chatkit.js"`)
  expect(html).toContain('<openai-chatkit')
  const [, json = ''] = new RegExp(`id="${PAGE_SESSION_ELEMENT}">(.*?)</script>`).exec(html) ?? []
  const session = PageSession.parse(JSON.parse(json))
  expect(session).toMatchObject({ user: { id: ann.id }, chatkit_domain_key: 'domain_pk_</script>' })
  const asked = await keyed.fetch('/api/tasks', { headers: { Authorization: `Bearer ${session.token}` } })
  expect(asked.status).toBe(200)

  // The frame beside the list is our own nevertheless.
  expect(await (await keyed.fetch('/chat?beside', { headers })).text()).not.toContain('openai.com')

  const other = await keyed.fetch('/chatkit', { headers })
  expect([other.status, other.headers.get('Location')]).toEqual([302, '/chat'])
})

test('CHAT-89 its policy allows what ChatKit needs, and nothing inline', async () => {
  const policy = policyOf(await (await keyed.fetch('/chat', { headers })).text())
  expect(policy.get('frame-src')).toEqual([OPENAI])
  expect(policy.get('connect-src')).toEqual(["'self'", 'https://api.openai.com'])
  expect(policy.get('script-src')?.filter((source) => !source.startsWith("'sha256-"))).toEqual([
    "'self'",
    OPENAI,
  ])
  expect(policy.get('style-src')?.filter((source) => !source.startsWith("'sha256-"))).toEqual(["'self'"])
  expect(policy.get('default-src')).toEqual(["'self'"])
})

test('CHAT-89 without a key it is not served, and no page allows anything of OpenAI’s', async () => {
  for (const path of ['/chatkit', '/chatkit.html', '/chat', '/tasks', '/account']) {
    const asked = await plain.fetch(path, { headers })
    const response =
      asked.status === 307 ? await plain.fetch(asked.headers.get('Location') ?? '', { headers }) : asked
    expect(`${path} ${response.status}`).toMatch(path.startsWith('/chatkit') ? / 404$/ : / 200$/)
    expect(await response.text()).not.toContain('openai.com')
  }
})
