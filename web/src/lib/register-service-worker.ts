/** Keeps the site's shell on this device, and shows `notice` when a newer one than this page waits to take over. */
export async function registerServiceWorker(notice: HTMLElement): Promise<void> {
  const { serviceWorker } = navigator
  let reloading = false
  const registration = await serviceWorker.register('/sw.js').catch(() => undefined)
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

  // A page that stays open for days hears of a new version when one comes back to it.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  })

  const version = document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content
  const compare = () => registration.waiting?.postMessage({ ask: 'compare', version })
  compare()
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', compare),
  )
}
