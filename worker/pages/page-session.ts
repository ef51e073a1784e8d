import type { Context } from 'hono'
import { PAGE_SESSION_ELEMENT, type PageSession } from '../contract/page.ts'

/** The page with the session written into its head, as data that no parser of HTML can take for markup. */
export function withPageSession(c: Context, page: Response, session: PageSession | undefined): Response {
  const { body } = session ? rewriter(session).transform(page) : page
  const kept = [...page.headers].filter(
    ([name]) => !['etag', 'last-modified', 'content-length'].includes(name),
  )
  return c.body(body ?? '', 200, { ...Object.fromEntries(kept), 'Cache-Control': 'private, no-store' })
}

function rewriter(session: PageSession) {
  const json = JSON.stringify(session).replaceAll('<', String.raw`\u003c`)
  const script = `<script type="application/json" id="${PAGE_SESSION_ELEMENT}">${json}</script>`
  return new HTMLRewriter().on('head', { element: (head) => void head.append(script, { html: true }) })
}
