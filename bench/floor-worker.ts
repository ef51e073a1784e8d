interface Bindings {
  ENDPOINT: string
  /** Body of the question to the database: the statement of GET /api/tasks, with its parameters. */
  QUESTION: string
  /** Headers that the Neon driver sends with it, as JSON. */
  HEADERS: string
}

/** The least that a Worker can do to answer with a page of tasks: one statement, its rows as JSON. No one is asked who they are. */
export default {
  async fetch(_request: Request, { ENDPOINT, QUESTION, HEADERS }: Bindings): Promise<Response> {
    const answer = await fetch(ENDPOINT, {
      method: 'POST',
      body: QUESTION,
      headers: JSON.parse(HEADERS) as Record<string, string>,
    })
    const { fields, rows } = (await answer.json()) as { fields: { name: string }[]; rows: unknown[][] }
    const tasks = rows.map((row) => Object.fromEntries(fields.map(({ name }, column) => [name, row[column]])))
    return Response.json({ tasks })
  },
}
