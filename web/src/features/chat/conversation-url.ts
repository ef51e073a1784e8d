/** Returns the id of the conversation that this page's URL names, if any. */
export const conversationIdInUrl = (): string | undefined =>
  new URLSearchParams(location.search).get('c') ?? undefined

/** Returns the URL of a conversation, or of a new one without an id. Other query parameters are kept. */
export function conversationUrl(id: string | undefined): string {
  const query = new URLSearchParams(location.search)
  if (id) query.set('c', id)
  else query.delete('c')
  return query.size > 0 ? `/chat?${query}` : '/chat'
}
