/** Milliseconds a pointer must rest on a link before its page is prefetched: passing over it is no intent. */
const HOVER_MS = 80

const prefetched = new Set([location.pathname])
let timer: ReturnType<typeof setTimeout> | undefined

/** Returns whether the page may be prefetched; pages that the Worker renders are different each time. */
const isStatic = ({ origin, pathname }: URL) =>
  origin === location.origin && /^\/(login|register|docs)?$/.test(pathname)

function schedulePrefetch(event: Event, delayMs: number) {
  clearTimeout(timer)
  const link = event.target instanceof Element && event.target.closest('a')
  if (!link) return
  const url = new URL(link.href)
  if (prefetched.has(url.pathname) || !isStatic(url)) return
  timer = setTimeout(() => {
    prefetched.add(url.pathname)
    document.head.append(
      Object.assign(document.createElement('link'), { rel: 'prefetch', href: url.pathname }),
    )
  }, delayMs)
}

for (const type of ['pointerover', 'focusin'])
  addEventListener(type, (event) => schedulePrefetch(event, HOVER_MS))
addEventListener('touchstart', (event) => schedulePrefetch(event, 0), { passive: true })
