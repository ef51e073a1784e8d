const HEADERS = { 'neon-connection-string': 'postgres://any', 'neon-raw-text-output': 'true' }

/** Posts a statement, or a batch of several, to a gateway without the driver; returns its answer. */
export async function postSqlTo(url: string, sql: string | string[], signal?: AbortSignal) {
  const body = Array.isArray(sql) ? { queries: sql.map((query) => ({ query })) } : { query: sql }
  const response = await fetch(url, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** The fields of an error that Neon's own failures leave out. */
export const NO_DETAILS = {
  detail: null,
  hint: null,
  position: null,
  internalPosition: null,
  internalQuery: null,
  where: null,
  table: null,
  column: null,
  schema: null,
  dataType: null,
  constraint: null,
  file: null,
  line: null,
  routine: null,
}
