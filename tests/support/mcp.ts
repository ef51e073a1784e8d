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

/** Starts the built Worker behind a real port, whose origin is its BETTER_AUTH_URL. */
export async function startMcp(settings: Record<string, string> = {}) {
  let target = ''
  const proxy = await startProxy(() => target)
  const worker = await startWorker({ BETTER_AUTH_URL: proxy.url, ...settings })
  target = worker.url
  afterAll(() => proxy.close())
  /** Adds a token to every request, for programs that cannot. */
  const addToken = (token: string) => proxy.decide(() => ({ add: { authorization: `Bearer ${token}` } }))
  return { worker, origin: proxy.url, addToken }
}

/** A browser as far as OAuth needs one: it stores cookies and follows no redirect. */
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

/** Returns the target of a redirect. */
export const locationOf = (response: Response): string => response.headers.get('Location') ?? ''

/** Signs a user up in this browser. */
export async function signUpIn(browser: Browser, name = 'Ann') {
  const email = `${crypto.randomUUID()}@example.com`
  const joined = await browser.json('/api/auth/sign-up/email', { name, email, password: PASSWORD })
  expect(joined.status).toBe(200)
  const { user } = (await joined.json()) as { user: { id: string } }
  const { token } = (await (await browser.go('/api/auth/token')).json()) as { token: string }
  return { id: user.id, email, token }
}

/** Returns an IP address that no other test uses. */
export const newAddress = () => `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join('.')}`

export const CALLBACK = 'http://localhost:9999/callback'

/** Creates an OAuth client that knows only the address of the MCP server, from the official MCP client. */
export function newOAuthClient(
  origin: string,
  { scope, ...metadata }: { scope?: string; client_name?: string } = {},
  send: typeof fetch = fetch,
) {
  const stored: {
    client?: Awaited<ReturnType<OAuthClientProvider['clientInformation']>>
    tokens?: StoredOAuthTokens
    verifier?: string
    authorizeUrl?: URL
    discovery?: Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>
  } = {}
  const authProvider: OAuthClientProvider = {
    redirectUrl: CALLBACK,
    clientMetadata: {
      client_name: 'Test client',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scope !== undefined && { scope }),
      ...metadata,
    },
    clientInformation: () => stored.client,
    saveClientInformation: (client) => void (stored.client = client),
    tokens: () => stored.tokens,
    saveTokens: (tokens) => void (stored.tokens = tokens),
    redirectToAuthorization: (url) => void (stored.authorizeUrl = url),
    saveCodeVerifier: (verifier) => void (stored.verifier = verifier),
    codeVerifier: () => stored.verifier ?? '',
    state: () => 'the-state',
    discoveryState: () => stored.discovery,
    saveDiscoveryState: (discovery) => void (stored.discovery = discovery),
  }
  // From an address of its own: registrations are counted by address.
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
  return { stored, transport, client }
}
export type TestOAuthClient = ReturnType<typeof newOAuthClient>

/** Answers the consent page of an authorization request; returns the address that the browser is sent to in the end. */
export async function answerConsent(
  browser: Browser,
  authorizeUrl: URL,
  reply: 'allow' | 'refuse',
): Promise<URL> {
  const consent = locationOf(await browser.go(authorizeUrl))
  expect(consent).toMatch(/^\/connect\?/)
  const page = await browser.go(consent)
  expect(page.status).toBe(200)
  const html = await page.text()
  const query = /name="query" value="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  let next = locationOf(await browser.form('/connect', { query, answer: reply }))
  if (next.startsWith('/')) next = locationOf(await browser.go(next))
  return new URL(next)
}

/** Connects a client as the official one does; it has tokens afterwards. */
export async function connectClient(browser: Browser, oauthClient: TestOAuthClient) {
  const transport = oauthClient.transport()
  await expect(oauthClient.client().connect(transport)).rejects.toThrow(/unauthorized/i)
  const { authorizeUrl } = oauthClient.stored
  if (!authorizeUrl) throw new Error('the client was not told where to ask')
  await transport.finishAuth((await answerConsent(browser, authorizeUrl, 'allow')).searchParams)
  const client = oauthClient.client()
  await client.connect(oauthClient.transport())
  return client
}
