import type { PAGE_SESSION_ELEMENT, PageSession } from '#contract/page.ts'

/** The contract's name for it, repeated here so that the page does not carry the schemas. */
const ELEMENT: typeof PAGE_SESSION_ELEMENT = 'margin-session'

/** What the Worker wrote into the document; undefined when the page came without it. */
export function readPageSession(): PageSession | undefined {
  const text = document.getElementById(ELEMENT)?.textContent
  return text ? (JSON.parse(text) as PageSession) : undefined
}
