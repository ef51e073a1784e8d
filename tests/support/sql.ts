import { inject } from 'vitest'

type Row = Record<string, string | null>

/** Asks the shared database, or another one, straight, beside the Worker; rows as objects of text. */
export async function querySql(query: string, params: unknown[] = [], gateway?: string): Promise<Row[]> {
  return ((await send({ query, params }, gateway)) as { rows: Row[] }).rows
}

/** The same, several statements in one transaction. */
export async function askTogether(queries: { query: string; params?: unknown[] }[]): Promise<void> {
  await send({ queries })
}

async function send(body: object, gateway = inject('gateway')): Promise<unknown> {
  const response = await fetch(gateway, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'Neon-Raw-Text-Output': 'true',
      'Neon-Connection-String': 'postgres://margin:margin@localhost/margin',
    },
  })
  const answer = (await response.json()) as { message?: string }
  if (!response.ok) throw new Error(answer.message)
  return answer
}
