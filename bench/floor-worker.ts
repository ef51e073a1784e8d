interface Bindings {
  ENDPOINT: string
  /** Body of the request to the database: the statement of GET /api/tasks, with its parameters. */
  SQL_REQUEST: string
  /** Headers that the Neon driver sends with it, as JSON. */
  HEADERS: string
}

/** The least a Worker can do to answer with a page of tasks: one statement and its rows as JSON, without authentication. */
export default {
  async fetch(_request: Request, { ENDPOINT, SQL_REQUEST, HEADERS }: Bindings): Promise<Response> {
    const response = await fetch(ENDPOINT, {
      method: 'POST',
      body: SQL_REQUEST,
      headers: JSON.parse(HEADERS) as Record<string, string>,
    })
    const { fields, rows } = (await response.json()) as { fields: { name: string }[]; rows: unknown[][] }
    const tasks = rows.map((row) => Object.fromEntries(fields.map(({ name }, column) => [name, row[column]])))
    return Response.json({ tasks })
  },
}
