import { inject } from 'vitest'

type Row = Record<string, string | null>

/** Runs SQL on the shared database, or another one, without the Worker; rows are objects of text. */
export async function querySql(query: string, params: unknown[] = [], gateway?: string): Promise<Row[]> {
  return ((await postSql({ query, params }, gateway)) as { rows: Row[] }).rows
}

/** Runs several statements on the shared database, in one transaction. */
export async function executeBatch(queries: { query: string; params?: unknown[] }[]): Promise<void> {
  await postSql({ queries })
}

async function postSql(body: object, gateway = inject('gateway')): Promise<unknown> {
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
