/** The database did not answer, or answered that it cannot. The message is safe to log: it holds no data. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable'
  /** Whether the statement may have run all the same, as when only its answer was lost. */
  readonly mayHaveRun: boolean
  /** Whether asking again may help. */
  readonly transient: boolean

  constructor(message: string, { mayHaveRun, transient }: { mayHaveRun: boolean; transient: boolean }) {
    super(message)
    this.mayHaveRun = mayHaveRun
    this.transient = transient
  }
}

/**
 * Neon cannot serve this request however often it is sent, because of its size or its form: a bug of ours, not an
 * outage. The message is safe to log: it holds no data.
 */
export class DatabaseRequestError extends Error {
  override name = 'DatabaseRequestError'
}

/** Yields an error and its causes, outermost first: drizzle and the driver each wrap what they caught. */
function* causeChain(error: unknown): Generator<Error> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
    yield cause
    cause = cause.cause ?? ('sourceError' in cause ? cause.sourceError : undefined)
  }
}

/** Returns why the database is unavailable, safe to log; undefined when that is not the cause of this error. */
export const unavailableReason = (error: unknown): string | undefined =>
  [...causeChain(error)].find((cause) => cause instanceof DatabaseUnavailable)?.message

/** Returns why the database gave no result, safe to log; undefined when this error has another cause. */
export const databaseFailureReason = (error: unknown): string | undefined =>
  [...causeChain(error)].find(
    (cause) => cause instanceof DatabaseUnavailable || cause instanceof DatabaseRequestError,
  )?.message

/** A SQLSTATE as Postgres writes it. */
export const SQLSTATE = /^[0-9A-Z]{5}$/

/** Returns the SQLSTATE of an error that Postgres answered, wherever it is in the chain of causes. */
export function sqlState(error: unknown): string | undefined {
  for (const cause of causeChain(error))
    if ('code' in cause && typeof cause.code === 'string' && SQLSTATE.test(cause.code)) return cause.code
  return undefined
}

/** SQLSTATEs that callers act on. */
export const UNIQUE_VIOLATION = '23505'
export const FOREIGN_KEY_VIOLATION = '23503'
