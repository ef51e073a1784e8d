declare const self: ServiceWorkerGlobalScope

/** Written in front of this file by the build (web/integrations/service-worker.ts). */
declare const SHELL: {
  /** Changes with any byte of the shell. */
  version: string
  /** Where the bare page of each address lies; a personal page, which the Worker writes into, has it elsewhere. */
  pages: Record<string, string>
  /** Files with a hash in their name, and a few pictures. */
  assets: string[]
}

const PREFIX = 'shell-'
const CACHE = PREFIX + SHELL.version
/** How long a navigation may take before the shell on this device is shown instead, ms. */
const PATIENCE_MS = 1_500

self.addEventListener('install', (event) => event.waitUntil(install()))

self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), tidy()])),
)

// A new version takes over when the person asks for it, never by itself under somebody's hands; a page that tells
// its own version hears whether this one is another.
self.addEventListener('message', (event) => {
  const { ask, version } = event.data as { ask: 'take-over' | 'compare'; version?: string }
  if (ask === 'take-over') event.waitUntil(self.skipWaiting())
  else if (version !== SHELL.version) event.source?.postMessage('other-version')
})

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  // What is not answered here goes its usual way: other sites, writes, and all of the API.
  if (method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return
  const page = SHELL.pages[pathname]
  if (mode === 'navigate' && page !== undefined) event.respondWith(openPage(event, page))
  else if (SHELL.assets.includes(pathname) || pathname.startsWith('/_astro/'))
    event.respondWith(cached(event.request))
})

/** Brings the whole shell or fails; a file that an older shell has, by the same hashed name, is not fetched again. */
async function install() {
  const cache = await caches.open(CACHE)
  const hashed = SHELL.assets.filter((asset) => asset.startsWith('/_astro/'))
  const rest = [...Object.values(SHELL.pages), ...SHELL.assets.filter((asset) => !hashed.includes(asset))]
  await Promise.all([
    ...hashed.map(async (asset) => {
      const known = await caches.match(asset)
      await (known ? cache.put(asset, known) : cache.add(asset))
    }),
    ...rest.map((url) => cache.add(new Request(url, { cache: 'no-cache', credentials: 'omit' }))),
  ])
}

/** The network's page, unless it fails or takes too long: then the shell's. Nothing the network brings is kept. */
async function openPage(event: FetchEvent, page: string): Promise<Response> {
  event.waitUntil(tidy())
  const network = fromNetwork(event)
  event.waitUntil(network)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS))
  const inTime = await Promise.race([network, late])
  return inTime ?? (await caches.match(page, { cacheName: CACHE })) ?? (await network) ?? Response.error()
}

/** Undefined when there is no network, or when what answers in the server's place is out of order. */
async function fromNetwork(event: FetchEvent): Promise<Response | undefined> {
  try {
    const preloaded = (await event.preloadResponse) as Response | undefined
    const response = preloaded ?? (await fetch(event.request))
    return response.status >= 500 ? undefined : response
  } catch {
    return undefined
  }
}

/** Hashed files never change, so any shell's will do; pages of an older version find theirs here too. */
const cached = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request)

/** Older shells go once no other window can be using them. */
async function tidy() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.length > 1) return
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  )
}
