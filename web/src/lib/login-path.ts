const DEFAULT_PATH = '/tasks'

/** Where to log in so as to come back to this page. */
export function loginPath({ pathname, search }: { pathname: string; search: string }): string {
  return `/login?next=${encodeURIComponent(pathname + search)}`
}

/** The path in `?next=` when it leads to this site, else the task list: a link must not carry people off. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? DEFAULT_PATH
  // Resolved as a browser would, which drops tabs and line ends, reads `\` as `/` and shortens `/.//host`.
  const here = 'https://here.invalid'
  if (!next.startsWith('/') || !URL.canParse(next, here)) return DEFAULT_PATH
  const { origin, pathname, search: query, hash } = new URL(next, here)
  return origin === here && !pathname.startsWith('//') ? pathname + query + hash : DEFAULT_PATH
}
