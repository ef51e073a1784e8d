import type { Context } from 'hono'
import { PAGE_SESSION_ELEMENT, type PageSession } from '../contract/page.ts'

/** The page with the session written into its head, as data that no parser of HTML can take for markup. */
export async function withPageSession(c: Context, page: Response, session?: PageSession): Promise<Response> {
  const html = await page.text()
  const json = JSON.stringify(session)?.replaceAll('<', String.raw`\u003c`)
  const script = json ? `<script type="application/json" id="${PAGE_SESSION_ELEMENT}">${json}</script>` : ''
  const kept = [...page.headers].filter(
    ([name]) => !['etag', 'last-modified', 'content-length'].includes(name),
  )
  return c.body(
    html.replace('</head>', () => `${script}</head>`),
    200,
    { ...Object.fromEntries(kept), 'Cache-Control': 'private, no-store' },
  )
}
