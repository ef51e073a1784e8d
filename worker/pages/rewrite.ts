/** The part of workerd's HTMLRewriter used here. The site's TypeScript program reads this file without Workers' types. */
declare const HTMLRewriter: new () => Rewriter
interface Rewriter {
  on(selector: string, handlers: { element(element: HtmlElement): void }): Rewriter
  transform(response: Response): Response
}

/** An element of a page; content is escaped unless `html` says that it is markup. */
export interface HtmlElement {
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): HtmlElement
  removeAttribute(name: string): HtmlElement
  before(content: string, options?: { html: boolean }): HtmlElement
  after(content: string, options?: { html: boolean }): HtmlElement
  append(content: string, options?: { html: boolean }): HtmlElement
  replace(content: string, options?: { html: boolean }): HtmlElement
  setInnerContent(content: string, options?: { html: boolean }): HtmlElement
  remove(): HtmlElement
  removeAndKeepContent(): HtmlElement
}

export type ElementHandler = (element: HtmlElement) => void

/**
 * Applies a handler to each element that its selector matches, and returns the page.
 * @throws Error when a selector matches nothing: the site has changed and the Worker has not
 */
export async function rewriteHtml(html: string, handlers: Record<string, ElementHandler>): Promise<string> {
  const unmatched = new Set(Object.keys(handlers))
  const rewriter = new HTMLRewriter()
  for (const [selector, handle] of Object.entries(handlers))
    rewriter.on(selector, {
      element(element) {
        unmatched.delete(selector)
        handle(element)
      },
    })
  const rewritten = await rewriter.transform(new Response(html)).text()
  if (unmatched.size > 0) throw new Error(`The page has no ${[...unmatched].join(', ')}.`)
  return rewritten
}

/** The selector of the slots of a name: elements of the site that the Worker fills. */
const slot = (name: string): string => `[data-slot="${name}"]`

/** Fills the slots of a page: see `rewriteHtml`. */
export function fillSlots(html: string, slots: Record<string, ElementHandler>): Promise<string> {
  const handlers = Object.entries(slots).map(([name, fill]): [string, ElementHandler] => [
    slot(name),
    (element) => {
      element.removeAttribute('data-slot')
      fill(element)
    },
  ])
  return rewriteHtml(html, Object.fromEntries(handlers))
}

/** Shows the content of a `<template>`, or removes it. */
export const showIf =
  (shown: boolean): ElementHandler =>
  (template) =>
    shown ? template.removeAndKeepContent() : template.remove()

/** Replaces the `<template>` in a slot by `count` copies of its content. */
export async function repeatTemplate(html: string, name: string, count: number): Promise<string> {
  const boundary = `<!--${crypto.randomUUID()}-->`
  const marked = await rewriteHtml(html, {
    [slot(name)]: (template) => {
      template.before(boundary, { html: true }).after(boundary, { html: true }).removeAndKeepContent()
    },
  })
  const [before = '', content = '', after = ''] = marked.split(boundary)
  return before + content.repeat(count) + after
}
