/** Registers the service worker, and shows `notice` when a version newer than this page waits to take over. */
export async function registerServiceWorker(notice: HTMLElement): Promise<void> {
  const { serviceWorker } = navigator
  let reloading = false
  const registration = await serviceWorker.register('/sw.js').catch(console.error)
  if (!registration) return

  serviceWorker.addEventListener('message', ({ data }) => {
    if (data === 'other-version') notice.hidden = false
  })
  serviceWorker.addEventListener('controllerchange', () => {
    if (reloading) location.reload()
  })
  notice.querySelector('button')?.addEventListener('click', () => {
    reloading = true
    registration.waiting?.postMessage({ ask: 'take-over' })
  })

  // A page may stay open for days, so it looks for a new version whenever it is shown again; offline, the next time.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {})
  })

  const version = document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content
  const compare = () => registration.waiting?.postMessage({ ask: 'compare', version })
  compare()
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', compare),
  )
}
