import type { PAGE_SESSION_ELEMENT, PageSession } from '#contract/page.ts'

/** The contract's constant, typed but not imported: the import would bring its zod schemas to the page. */
const SESSION_ELEMENT: typeof PAGE_SESSION_ELEMENT = 'margin-session'

/** Returns the session that the Worker wrote into the document; undefined on a page from the service worker's shell. */
export function readPageSession(): PageSession | undefined {
  const text = document.getElementById(SESSION_ELEMENT)?.textContent
  return text ? (JSON.parse(text) as PageSession) : undefined
}
