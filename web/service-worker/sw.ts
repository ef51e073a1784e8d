declare const self: ServiceWorkerGlobalScope

/** Written in front of this file by the build (web/integrations/service-worker.ts). */
declare const SHELL: {
  /** A hash of every byte of the shell. */
  version: string
  /** The file for each path. For a private page it is a copy without user data, under /shell. */
  pages: Record<string, string>
  /** Files with a hash in their name, and the icons. */
  assets: string[]
}

const PREFIX = 'shell-'
const CACHE = PREFIX + SHELL.version
/** Milliseconds a navigation may take before the cached page is shown instead. */
const NAVIGATION_TIMEOUT_MS = 1_500

self.addEventListener('install', (event) => event.waitUntil(install()))

self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), deleteOldCaches()])),
)

// A new version takes over only when the user asks for it, never while a page is in use. A page that sends its own
// version gets an answer when this one is different.
self.addEventListener('message', (event) => {
  const { ask, version } = event.data as { ask: 'take-over' | 'compare'; version?: string }
  if (ask === 'take-over') event.waitUntil(self.skipWaiting())
  else if (version !== SHELL.version) event.source?.postMessage('other-version')
})

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  // Other origins, writes and the API go to the network as usual.
  if (method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return
  const page = SHELL.pages[pathname]
  if (mode === 'navigate' && page !== undefined) event.respondWith(respondToNavigation(event, page))
  else if (SHELL.assets.includes(pathname) || pathname.startsWith('/_astro/'))
    event.respondWith(fromAnyCache(event.request))
})

/** Caches the whole shell or fails. Hashed files that an older shell has cached are copied, not fetched. */
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

/** Returns the network's page, or the shell's when that fails or takes too long. Network responses are not cached. */
async function respondToNavigation(event: FetchEvent, page: string): Promise<Response> {
  event.waitUntil(deleteOldCaches())
  const network = fromNetwork(event)
  event.waitUntil(network)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, NAVIGATION_TIMEOUT_MS))
  const inTime = await Promise.race([network, late])
  return inTime ?? (await caches.match(page, { cacheName: CACHE })) ?? (await network) ?? Response.error()
}

/** Returns undefined when the network or the server fails. */
async function fromNetwork(event: FetchEvent): Promise<Response | undefined> {
  try {
    const preloaded = (await event.preloadResponse) as Response | undefined
    const response = preloaded ?? (await fetch(event.request))
    return response.status >= 500 ? undefined : response
  } catch {
    // Offline, which is what the shell is for.
    return undefined
  }
}

/** Returns a hashed file from any version's cache: its name says that it is the same file. */
const fromAnyCache = async (request: Request): Promise<Response> =>
  (await caches.match(request)) ?? fetch(request)

/** Deletes the caches of other versions, unless another window may still use them. */
async function deleteOldCaches() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.length > 1) return
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  )
}
