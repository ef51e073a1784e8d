/** The database did not answer, or not with what was asked for. The message is safe to log: it holds no data. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseAway'
  /** Whether the statement may have run all the same. */
  readonly ran: 'no' | 'unknown'
  /** Whether asking again may help. */
  readonly transient: boolean

  constructor(message: string, ran: 'no' | 'unknown', passing = true) {
    super(message)
    this.ran = ran
    this.transient = passing
  }
}

/**
 * SQLSTATEs of a database that is coming or full, or of a statement that lost to another or took too long: nothing was
 * done, and asking again may help. (PostgreSQL documentation, appendix A.)
 */
const PASSING_SQLSTATE = /^(57P03|53[0-9A-Z]{3}|40001|40P01|57014)$/

/**
 * SQLSTATEs of a connection that broke, between Neon's proxy and Postgres or because Postgres ends (57P01, 57P02), at a
 * moment nobody knows: a commit can have come before it.
 */
const BROKEN_SQLSTATE = /^(08[0-9A-Z]{3}|57P0[12])$/

/** Whether a question of the Neon protocol only reads: drizzle writes its keywords in lower case. */
export const isReadQuery = (body: string): boolean => body.startsWith('{"query":"select ')

/**
 * Asks once and reads the answer to its end, for a reset can come in the middle of it.
 * Answers that the driver can turn into rows or a NeonDbError come back; all else is thrown.
 * @throws DatabaseAway
 */
export async function readResponse(url: string, question: RequestInit): Promise<Response> {
  const { status, text } = await read(url, question)
  if (status !== 200 && status !== 400) {
    const refused = status === 429 || status === 503 || text.includes('"neon:retryable":true')
    throw new DatabaseUnavailable(`Neon answered ${status}`, refused ? 'no' : 'unknown')
  }
  const answer = parse(text)
  if (status === 200 && !isResult(answer)) throw new DatabaseUnavailable('Neon answered nonsense', 'unknown')
  if (status === 400) {
    if (typeof answer?.message !== 'string')
      throw new DatabaseUnavailable('Neon answered 400 and nonsense', 'unknown')
    // Without a SQLSTATE it is Neon's proxy that refuses, for its own reasons: a quota, a compute that is gone.
    if (typeof answer.code !== 'string') throw new DatabaseUnavailable('Neon refused', 'no', false)
    if (BROKEN_SQLSTATE.test(answer.code))
      throw new DatabaseUnavailable(`Postgres was cut off: ${answer.code}`, 'unknown')
    if (PASSING_SQLSTATE.test(answer.code))
      throw new DatabaseUnavailable(`Postgres answered ${answer.code}`, 'no')
  }
  // Parsed already: these are what the driver asks of a Response.
  return { status, ok: status === 200, json: () => Promise.resolve(answer) } as Response
}

async function read(url: string, question: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, question)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown'
    throw new DatabaseUnavailable(`Neon could not be reached (${reason})`, 'unknown')
  }
}

type Answer = Partial<Record<'message' | 'code' | 'rows' | 'fields' | 'results', unknown>> | undefined

function parse(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : undefined
  } catch {
    return undefined
  }
}

function isResult(answer: Answer): boolean {
  if (Array.isArray(answer?.results)) return answer.results.every(isResult)
  return Array.isArray(answer?.rows) && Array.isArray(answer.fields)
}
