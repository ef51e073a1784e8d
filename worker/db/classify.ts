import { DatabaseRequestError, DatabaseUnavailable, SQLSTATE } from './error.ts'

/** Nothing ran, and asking again will not help: somebody has to mend a setting, a plan or a database. */
const REFUSED = { mayHaveRun: false, transient: false }
/** Nothing ran, and asking again may help. */
const BUSY = { mayHaveRun: false, transient: true }
/** The connection broke at an unknown moment: even a commit may have come before that. */
const LOST = { mayHaveRun: true, transient: true }
/** Nobody will ever get an answer to this request, so that no caller is told to try again. */
const UNSERVABLE = 'unservable'

interface Rule {
  status?: number[]
  /** Matches the SQLSTATE. Without it, a rule holds only for answers that have none: what Neon's proxy says itself. */
  sqlstate?: RegExp
  /** Matches the message of Neon's proxy, which has no codes of its own. */
  message?: RegExp
  /** The value of the proxy's member `neon:retryable`. */
  retryable?: true
  meaning: typeof REFUSED | typeof UNSERVABLE
  /** For the log; a SQLSTATE is added to it. Never the proxy's own words, which name users and addresses. */
  reason: string
}

/**
 * What failed answers mean; the first rule that matches counts. The proxy answers 400 when a statement failed, whoever
 * is to blame, and 500 when it got no connection; its own failures have "" for a SQLSTATE. Statuses and messages are
 * those of Neon's source (proxy/src/serverless/sql_over_http.rs and the errors it forwards), SQLSTATEs those of the
 * PostgreSQL documentation, appendix A.
 */
const RULES: readonly Rule[] = [
  { status: [413], meaning: UNSERVABLE, reason: 'The request is too large for Neon' },
  { status: [507], meaning: UNSERVABLE, reason: 'The answer is too large for Neon' },
  {
    status: [400],
    message:
      /^(could not parse the HTTP request body|error serializing parameter|error encoding message|string contains embedded null|invalid isolation level)/,
    meaning: UNSERVABLE,
    reason: 'Neon cannot read the request',
  },

  // A connection that broke while a statement ran: Postgres says so if it can, otherwise the proxy does.
  { status: [400], sqlstate: /^(08...|57P0[12])$/, meaning: LOST, reason: 'Postgres was cut off' },
  {
    status: [400],
    message:
      /^(connection closed|error communicating with the server|unexpected message from server|error parsing response from server)/,
    meaning: LOST,
    reason: 'Neon lost Postgres',
  },

  // A statement that lost to another, took too long, or met a database that is starting or full.
  {
    status: [400],
    sqlstate: /^(57P03|53...|40001|40P01|57014)$/,
    meaning: BUSY,
    reason: 'Postgres is busy',
  },

  // A connection that Postgres refused: no statement got that far.
  {
    status: [500],
    sqlstate: /^(57P0.|53...|08...)$/,
    meaning: BUSY,
    reason: 'Postgres refused the connection',
  },
  { status: [500], sqlstate: SQLSTATE, meaning: REFUSED, reason: 'Postgres refused the connection' },
  {
    status: [400],
    sqlstate: /^(3D000|28...)$/,
    meaning: REFUSED,
    reason: 'Postgres refused the connection',
  },

  // Neon's own reasons.
  { status: [402], meaning: REFUSED, reason: 'A quota of Neon is used up' },
  { message: /exceeded the .*quota/, meaning: REFUSED, reason: 'A quota of Neon is used up' },
  {
    status: [500],
    message:
      /^(Failed to acquire permit|Control plane request failed|Too many connections|error connecting to server)/,
    meaning: BUSY,
    reason: 'Neon could not connect to Postgres',
  },
  { status: [429], meaning: BUSY, reason: 'Neon answered 429' },
  { status: [503], meaning: BUSY, reason: 'Neon answered 503' },
  { retryable: true, meaning: BUSY, reason: 'Neon asks for a repeat' },
  {
    status: [400],
    message: /^password authentication failed/,
    meaning: REFUSED,
    reason: 'Neon refused the user or password of DATABASE_URL',
  },
  {
    status: [400],
    message: /^(missing|invalid|incorrect|malformed) /,
    meaning: REFUSED,
    reason: 'DATABASE_URL lacks what Neon needs',
  },
  {
    status: [400],
    message: /not allowed to connect|blocked network/,
    meaning: REFUSED,
    reason: 'Neon does not allow connections from here',
  },
  {
    status: [400],
    message: /endpoint.*(not be found|disabled)/,
    meaning: REFUSED,
    reason: 'Neon has no such endpoint, or it is disabled',
  },
  { status: [400], message: /./, meaning: REFUSED, reason: 'Neon refused' },
]

/** The members of an answer that say what became of a request. */
export type Answer = Partial<
  Record<'message' | 'code' | 'neon:retryable' | 'rows' | 'fields' | 'results', unknown>
>

/**
 * Returns the failure that an answer stands for; undefined for rows, and for the failure of a statement by itself, such
 * as a constraint: those are the driver's to read.
 */
export function classify(
  status: number,
  answer: Answer | undefined,
): DatabaseUnavailable | DatabaseRequestError | undefined {
  if (status === 200) return isResult(answer) ? undefined : unavailable(LOST, 'Neon answered nonsense')
  const { message, code, 'neon:retryable': retryable } = answer ?? {}
  const sqlstate = typeof code === 'string' && SQLSTATE.test(code) ? code : undefined
  const rule = RULES.find(
    (each) =>
      (each.status?.includes(status) ?? true) &&
      (each.sqlstate ? sqlstate !== undefined && each.sqlstate.test(sqlstate) : sqlstate === undefined) &&
      (each.message === undefined || (typeof message === 'string' && each.message.test(message))) &&
      (each.retryable === undefined || each.retryable === retryable),
  )
  if (!rule)
    return status === 400 && sqlstate !== undefined ? undefined : unavailable(LOST, `Neon answered ${status}`)
  const reason = sqlstate === undefined ? rule.reason : `${rule.reason}: ${sqlstate}`
  return rule.meaning === UNSERVABLE ? new DatabaseRequestError(reason) : unavailable(rule.meaning, reason)
}

const unavailable = (meaning: typeof REFUSED, reason: string) => new DatabaseUnavailable(reason, meaning)

function isResult(answer: Answer | undefined): boolean {
  if (Array.isArray(answer?.results)) return answer.results.every(isResult)
  return Array.isArray(answer?.rows) && Array.isArray(answer.fields)
}
