const DEFAULT_PATH = '/tasks'

/** Returns the path of the login page that leads back to this page. */
export function loginPath({ pathname, search }: { pathname: string; search: string }): string {
  return `/login?next=${encodeURIComponent(pathname + search)}`
}

/** Returns the path in `?next=` when it stays on this site, else the task list, to prevent open redirects. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? DEFAULT_PATH
  // Resolved as a browser does: it drops tabs and line breaks, reads `\` as `/` and normalises `/.//host`.
  const here = 'https://here.invalid'
  if (!next.startsWith('/') || !URL.canParse(next, here)) return DEFAULT_PATH
  const { origin, pathname, search: query, hash } = new URL(next, here)
  return origin === here && !pathname.startsWith('//') ? pathname + query + hash : DEFAULT_PATH
}
