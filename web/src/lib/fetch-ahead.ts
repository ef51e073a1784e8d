/** Milliseconds a pointer rests on a link before its page is fetched: a pointer passing by is no wish. */
const REST_MS = 80

const fetched = new Set([location.pathname])
let resting: ReturnType<typeof setTimeout> | undefined

/** Pages that the Worker writes are new each time: fetching one ahead would be work for nothing. */
const isStatic = ({ origin, pathname }: URL) =>
  origin === location.origin && /^\/(login|register|docs)?$/.test(pathname)

function fetchAhead(event: Event, wait: number) {
  clearTimeout(resting)
  const link = event.target instanceof Element && event.target.closest('a')
  if (!link) return
  const url = new URL(link.href)
  if (fetched.has(url.pathname) || !isStatic(url)) return
  resting = setTimeout(() => {
    fetched.add(url.pathname)
    document.head.append(
      Object.assign(document.createElement('link'), { rel: 'prefetch', href: url.pathname }),
    )
  }, wait)
}

for (const sign of ['pointerover', 'focusin']) addEventListener(sign, (event) => fetchAhead(event, REST_MS))
addEventListener('touchstart', (event) => fetchAhead(event, 0), { passive: true })
