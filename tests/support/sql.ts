import { inject } from 'vitest'

/** Asks the shared database straight, beside the Worker; rows as objects of text. */
export async function ask(query: string, params: unknown[] = []): Promise<Record<string, string | null>[]> {
  const response = await fetch(inject('gateway'), {
    method: 'POST',
    body: JSON.stringify({ query, params }),
    headers: {
      'Neon-Raw-Text-Output': 'true',
      'Neon-Connection-String': 'postgres://margin:margin@localhost/margin',
    },
  })
  const answer = (await response.json()) as { rows: Record<string, string | null>[]; message?: string }
  if (!response.ok) throw new Error(answer.message)
  return answer.rows
}
