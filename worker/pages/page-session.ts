import type { Context } from 'hono'
import { PAGE_SESSION_ELEMENT, type PageSession } from '../contract/page.ts'

/** The page with the session written into its head, as data that no parser of HTML can take for markup. */
export function withPageSession(c: Context, page: Response, session: PageSession | undefined): Response {
  const headers = new Headers(page.headers)
  for (const name of ['ETag', 'Last-Modified']) headers.delete(name)
  headers.set('Cache-Control', 'private, no-store')
  c.res = new Response(page.body, { status: page.status, headers })
  if (!session) return c.res
  const json = JSON.stringify(session).replaceAll('<', String.raw`\u003c`)
  const script = `<script type="application/json" id="${PAGE_SESSION_ELEMENT}">${json}</script>`
  return new HTMLRewriter()
    .on('head', { element: (head) => void head.append(script, { html: true }) })
    .transform(c.res)
}
