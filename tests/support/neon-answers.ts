/**
 * Failures as Neon's proxy sends them, byte for byte: seen on the proxy itself, taken from its source
 * (proxy/src/serverless/sql_over_http.rs), or quoted from production in public reports.
 */
export interface NeonAnswer {
  status: number
  body: string
}

interface Fields {
  code?: string
  severity?: string
  file?: string
  line?: string
  routine?: string
}

/** The proxy writes every field of an error, absent ones as null; code and severity of its own refusals are empty. */
const neonErrorBody = (
  message: string,
  { code = '', severity = '', file, line, routine }: Fields = {},
  extra = '',
) => {
  const text = (value: string | undefined) => JSON.stringify(value ?? null)
  return `{"message":${text(message)},"code":${text(code)},"detail":null,"hint":null,"position":null,"internalPosition":null,"internalQuery":null,"severity":${text(severity)},"where":null,"table":null,"column":null,"schema":null,"dataType":null,"constraint":null,"file":${text(file)},"line":${text(line)},"routine":${text(routine)}${extra}}`
}

const fatal = (code: string, message: string, where: [file: string, line: string, routine: string]) => {
  const [file, line, routine] = where
  return neonErrorBody(message, { code, severity: 'FATAL', file, line, routine })
}

/** Refusals by the proxy itself: no SQLSTATE. */
export const OWN_REFUSALS = {
  wrongPassword: { status: 400, body: neonErrorBody("password authentication failed for user 'margin'") },
  noPassword: {
    status: 400,
    body: neonErrorBody('missing authentication credentials: required password'),
  },
  noHost: { status: 400, body: neonErrorBody('missing hostname') },
  noDatabase: { status: 400, body: neonErrorBody('missing database name') },
  addressNotAllowed: {
    status: 400,
    body: neonErrorBody(
      'This IP address 192.0.2.7 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console. Make sure to check for IPv4 or IPv6 addresses.',
    ),
  },
  networkNotAllowed: {
    status: 400,
    body: neonErrorBody('This connection is trying to access this endpoint from a blocked network.'),
  },
  noEndpoint: {
    status: 400,
    body: neonErrorBody("The requested endpoint could not be found, or you don't have access to it."),
  },
  disabledEndpoint: {
    status: 400,
    body: neonErrorBody('The endpoint has been disabled. Enable it using the API and retry.'),
  },
  quota: {
    status: 402,
    body: neonErrorBody(
      'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.',
      {},
      ',"neon:retryable":true',
    ),
  },
  olderQuota: {
    status: 500,
    body: neonErrorBody(
      'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.',
    ),
  },
  noPermit: {
    status: 500,
    body: neonErrorBody(
      'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
      {},
      ',"neon:retryable":false',
    ),
  },
  controlPlane: {
    status: 500,
    body: neonErrorBody('Control plane request failed', {}, ',"neon:retryable":true'),
  },
  olderControlPlane: { status: 500, body: neonErrorBody('Control plane request failed') },
  tooManyConnections: {
    status: 500,
    body: neonErrorBody('Too many connections to this endpoint. Please try again later.'),
  },
  noCompute: {
    status: 500,
    body: neonErrorBody('error connecting to server: Connection refused (os error 111)'),
  },
} satisfies Record<string, NeonAnswer>

/** The proxy lost Postgres while a statement ran: a crash, a moved compute, a cut connection. */
export const LOST_COMPUTE = {
  closed: { status: 400, body: neonErrorBody('connection closed') },
  reset: {
    status: 400,
    body: neonErrorBody('error communicating with the server: Connection reset by peer (os error 104)'),
  },
  unexpected: { status: 400, body: neonErrorBody('unexpected message from server') },
  unreadable: {
    status: 400,
    body: neonErrorBody('error parsing response from server: unexpected EOF'),
  },
} satisfies Record<string, NeonAnswer>

/** Postgres refused the connection: HTTP 500 with the SQLSTATE; 400 for a database that does not exist. */
export const CONNECTION_REFUSALS = {
  full: {
    status: 500,
    body: fatal('53300', 'sorry, too many clients already', ['proc.c', '365', 'InitProcess']),
  },
  starting: {
    status: 500,
    body: fatal('57P03', 'the database system is starting up', [
      'backend_startup.c',
      '328',
      'BackendInitialize',
    ]),
  },
  wrongPassword: {
    status: 500,
    body: fatal('28P01', 'password authentication failed for user "margin"', [
      'auth.c',
      '324',
      'auth_failed',
    ]),
  },
  noRole: {
    status: 500,
    body: fatal('28000', 'role "margin" is not permitted to log in', [
      'miscinit.c',
      '850',
      'InitializeSessionUserId',
    ]),
  },
  noRight: {
    status: 500,
    body: fatal('42501', 'permission denied for database "margin"', ['postinit.c', '396', 'CheckMyDatabase']),
  },
  noDatabase: {
    status: 400,
    body: fatal('3D000', 'database "margin" does not exist', ['postinit.c', '1019', 'InitPostgres']),
  },
} satisfies Record<string, NeonAnswer>

/** Requests that the proxy never serves, however often they come. */
export const UNSERVABLE_REQUESTS = {
  answerTooLarge: { status: 507, body: neonErrorBody('response is too large (max is 67108864 bytes)') },
  requestTooLarge: { status: 413, body: neonErrorBody('request is too large (max is 10485760 bytes)') },
  malformed: {
    status: 400,
    body: neonErrorBody(
      'could not parse the HTTP request body: EOF while parsing a value at line 1 column 0',
    ),
  },
  tooManyParameters: {
    status: 400,
    body: neonErrorBody('error serializing parameter 0: value too large to transmit'),
  },
  nul: { status: 400, body: neonErrorBody('string contains embedded null') },
  badIsolationLevel: { status: 400, body: neonErrorBody('invalid isolation level') },
} satisfies Record<string, NeonAnswer>

/** Returns what Neon answers when a statement itself fails with this SQLSTATE. */
export const statementError = (code: string, message = 'secret words', severity = 'ERROR'): NeonAnswer => ({
  status: 400,
  body: neonErrorBody(message, { code, severity }),
})
