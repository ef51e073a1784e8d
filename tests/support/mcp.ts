import {
  Client,
  StreamableHTTPClientTransport,
  type OAuthClientProvider,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client'
import { afterAll, expect } from 'vitest'
import { cookiesOf, PASSWORD } from './people.ts'
import { startProxy } from './proxy.ts'
import { startWorker } from './worker.ts'

/** The built Worker in workerd behind a real port, which is the one it takes itself to be at. */
export async function startMcp(settings: Record<string, string> = {}) {
  let target = ''
  const proxy = await startProxy(() => target)
  const worker = await startWorker({ BETTER_AUTH_URL: proxy.url, ...settings })
  target = worker.url
  afterAll(() => proxy.close())
  /** Sends a token along with whatever comes, for programs that cannot. */
  const lend = (token: string) => proxy.decide(() => ({ add: { authorization: `Bearer ${token}` } }))
  return { worker, origin: proxy.url, lend }
}

/** A browser as far as OAuth needs one: it keeps cookies, and follows no redirect by itself. */
export function openBrowser(origin: string) {
  const jar = new Map<string, string>()
  async function go(path: string | URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { Origin: origin, Cookie: cookie, ...(init.headers as Record<string, string>) }
    const response = await fetch(new URL(path, origin), { redirect: 'manual', ...init, headers })
    for (const pair of cookiesOf(response).split('; ').filter(Boolean)) {
      const at = pair.indexOf('=')
      if (pair.slice(at + 1) === '') jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }
  const form = (path: string, fields: Record<string, string>, headers = {}) =>
    go(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    })
  const json = (path: string, body: unknown, headers = {}) =>
    go(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  return { go, form, json, jar }
}
export type Browser = ReturnType<typeof openBrowser>

/** Where a redirect leads. */
export const leadsTo = (response: Response): string => response.headers.get('Location') ?? ''

/** Registers a person in this browser; their id. */
export async function joinIn(browser: Browser, name = 'Ann') {
  const email = `${crypto.randomUUID()}@example.com`
  const joined = await browser.json('/api/auth/sign-up/email', { name, email, password: PASSWORD })
  expect(joined.status).toBe(200)
  const { user } = (await joined.json()) as { user: { id: string } }
  const { token } = (await (await browser.go('/api/auth/token')).json()) as { token: string }
  return { id: user.id, email, token }
}

/** An address of the Internet that nobody else has. */
export const newAddress = () => `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join('.')}`

export const CALLBACK = 'http://localhost:9999/callback'

/** An agent that knows the address of the MCP server and nothing else: the official client's way to OAuth. */
export function newAgent(
  origin: string,
  { scope, ...metadata }: { scope?: string; client_name?: string } = {},
  send: typeof fetch = fetch,
) {
  const kept: {
    client?: never
    tokens?: StoredOAuthTokens
    verifier?: string
    authorizeUrl?: URL
    discovery?: never
  } = {}
  const authProvider: OAuthClientProvider = {
    redirectUrl: CALLBACK,
    clientMetadata: {
      client_name: 'Test agent',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scope !== undefined && { scope }),
      ...metadata,
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client) => void (kept.client = client as never),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => void (kept.tokens = tokens),
    redirectToAuthorization: (url) => void (kept.authorizeUrl = url),
    saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? '',
    state: () => 'the-state',
    discoveryState: () => kept.discovery,
    saveDiscoveryState: (discovery) => void (kept.discovery = discovery as never),
  }
  // From an address of its own, as agents have: registrations are counted by address.
  const from = { 'CF-Connecting-IP': newAddress() }
  const transport = () =>
    new StreamableHTTPClientTransport(new URL('/mcp', origin), {
      authProvider,
      fetch: (url, init) => {
        const headers = new Headers(init?.headers)
        for (const [name, value] of Object.entries(from)) headers.set(name, value)
        return send(url, { ...init, headers })
      },
    })
  const client = () => new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  return { kept, transport, client }
}
export type TestAgent = ReturnType<typeof newAgent>

/** A person in their browser lets an agent in, or does not: where the browser is sent back to in the end. */
export async function answer(browser: Browser, authorizeUrl: URL, reply: 'allow' | 'refuse'): Promise<URL> {
  const consent = leadsTo(await browser.go(authorizeUrl))
  expect(consent).toMatch(/^\/connect\?/)
  const page = await browser.go(consent)
  expect(page.status).toBe(200)
  const html = await page.text()
  const query = /name="query" value="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  let next = leadsTo(await browser.form('/connect', { query, answer: reply }))
  if (next.startsWith('/')) next = leadsTo(await browser.go(next))
  return new URL(next)
}

/** The whole way in, as the official client goes it; the agent has tokens afterwards. */
export async function connectAgent(browser: Browser, agent: TestAgent) {
  const transport = agent.transport()
  await expect(agent.client().connect(transport)).rejects.toThrow(/unauthorized/i)
  const { authorizeUrl } = agent.kept
  if (!authorizeUrl) throw new Error('the agent was not told where to ask')
  await transport.finishAuth((await answer(browser, authorizeUrl, 'allow')).searchParams)
  const client = agent.client()
  await client.connect(agent.transport())
  return client
}
