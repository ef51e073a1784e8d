/** The conversation that the address names. */
export const conversationIdInUrl = (): string | undefined =>
  new URLSearchParams(location.search).get('c') ?? undefined

/** Address of a conversation, or of a new one; what else the address says stays. */
export function conversationUrl(id: string | undefined): string {
  const search = new URLSearchParams(location.search)
  if (id) search.set('c', id)
  else search.delete('c')
  return search.size > 0 ? `/chat?${search}` : '/chat'
}
