import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  CONNECTION_REFUSALS,
  LOST_COMPUTE,
  OWN_REFUSALS,
  statementError,
  UNSERVABLE_REQUESTS,
  type NeonAnswer,
} from '../../tests/support/neon-answers.ts'
import { DatabaseRequestError, DatabaseUnavailable } from './error.ts'
import { readResponse } from './response.ts'

/** Reads one answer of a server that gives this one. */
async function read({ status, body }: NeonAnswer): Promise<Response> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return readResponse(`http://127.0.0.1:${port}/sql`, { method: 'POST', body: '{}' })
}

const failureOf = (answer: NeonAnswer): Promise<unknown> =>
  read(answer).then(
    (response) => response,
    (error: unknown) => error,
  )

/** Nothing ran, and asking again will not help. */
const REFUSED = { mayHaveRun: false, transient: false }
/** Nothing ran, and asking again may help. */
const BUSY = { mayHaveRun: false, transient: true }
/** Nobody knows whether it ran. */
const LOST = { mayHaveRun: true, transient: true }

test.each([
  [
    'a wrong password',
    OWN_REFUSALS.wrongPassword,
    REFUSED,
    'Neon refused the user or password of DATABASE_URL',
  ],
  ['no password', OWN_REFUSALS.noPassword, REFUSED, 'DATABASE_URL lacks what Neon needs'],
  ['no host', OWN_REFUSALS.noHost, REFUSED, 'DATABASE_URL lacks what Neon needs'],
  ['no database', OWN_REFUSALS.noDatabase, REFUSED, 'DATABASE_URL lacks what Neon needs'],
  [
    'an address that is not allowed',
    OWN_REFUSALS.addressNotAllowed,
    REFUSED,
    'Neon does not allow connections from here',
  ],
  ['a blocked network', OWN_REFUSALS.networkNotAllowed, REFUSED, 'Neon does not allow connections from here'],
  ['no such endpoint', OWN_REFUSALS.noEndpoint, REFUSED, 'Neon has no such endpoint, or it is disabled'],
  [
    'a disabled endpoint',
    OWN_REFUSALS.disabledEndpoint,
    REFUSED,
    'Neon has no such endpoint, or it is disabled',
  ],
  ['a quota', OWN_REFUSALS.quota, REFUSED, 'A quota of Neon is used up'],
  ['a quota, of an older Neon', OWN_REFUSALS.olderQuota, REFUSED, 'A quota of Neon is used up'],
  ['no permit', OWN_REFUSALS.noPermit, BUSY, 'Neon could not connect to Postgres'],
  ['the control plane', OWN_REFUSALS.controlPlane, BUSY, 'Neon could not connect to Postgres'],
  [
    'the control plane, of an older Neon',
    OWN_REFUSALS.olderControlPlane,
    BUSY,
    'Neon could not connect to Postgres',
  ],
  ['too many connections', OWN_REFUSALS.tooManyConnections, BUSY, 'Neon could not connect to Postgres'],
  ['no compute', OWN_REFUSALS.noCompute, BUSY, 'Neon could not connect to Postgres'],
] as const)(
  'OPS-100 a refusal by Neon itself ran nothing, and has a reason: %s',
  async (_, answer, class_, reason) => {
    expect(await failureOf(answer)).toBeInstanceOf(DatabaseUnavailable)
    expect(await failureOf(answer)).toMatchObject({ ...class_, message: reason })
  },
)

test.each(Object.entries(LOST_COMPUTE))(
  'OPS-101 after a compute that was lost in mid-statement nobody knows whether it ran: %s',
  async (_, answer) => {
    expect(await failureOf(answer)).toBeInstanceOf(DatabaseUnavailable)
    expect(await failureOf(answer)).toMatchObject({ ...LOST, message: 'Neon lost Postgres' })
  },
)

test.each([
  ['53300', CONNECTION_REFUSALS.full, BUSY],
  ['57P03', CONNECTION_REFUSALS.starting, BUSY],
  ['28P01', CONNECTION_REFUSALS.wrongPassword, REFUSED],
  ['28000', CONNECTION_REFUSALS.noRole, REFUSED],
  ['42501', CONNECTION_REFUSALS.noRight, REFUSED],
  ['3D000', CONNECTION_REFUSALS.noDatabase, REFUSED],
] as const)(
  'OPS-102 a connection that Postgres refuses with %s ran nothing',
  async (code, answer, class_) => {
    expect(await failureOf(answer)).toBeInstanceOf(DatabaseUnavailable)
    expect(await failureOf(answer)).toMatchObject({
      ...class_,
      message: `Postgres refused the connection: ${code}`,
    })
  },
)

test.each([
  ['an answer over its limit', UNSERVABLE_REQUESTS.answerTooLarge, 'The answer is too large for Neon'],
  ['a request over its limit', UNSERVABLE_REQUESTS.requestTooLarge, 'The request is too large for Neon'],
  ['a malformed body', UNSERVABLE_REQUESTS.malformed, 'Neon cannot read the request'],
  ['too many parameters', UNSERVABLE_REQUESTS.tooManyParameters, 'Neon cannot read the request'],
  ['a NUL', UNSERVABLE_REQUESTS.nul, 'Neon cannot read the request'],
  ['an unknown isolation level', UNSERVABLE_REQUESTS.badIsolationLevel, 'Neon cannot read the request'],
] as const)('OPS-103 a request that Neon can never serve is no outage: %s', async (_, answer, reason) => {
  expect(await failureOf(answer)).toBeInstanceOf(DatabaseRequestError)
  expect(await failureOf(answer)).toMatchObject({ message: reason })
})

test.each([
  ['57P01', LOST, 'Postgres was cut off: 57P01'],
  ['57P02', LOST, 'Postgres was cut off: 57P02'],
  ['08006', LOST, 'Postgres was cut off: 08006'],
  ['57P03', BUSY, 'Postgres is busy: 57P03'],
  ['53300', BUSY, 'Postgres is busy: 53300'],
  ['40001', BUSY, 'Postgres is busy: 40001'],
  ['40P01', BUSY, 'Postgres is busy: 40P01'],
  ['57014', BUSY, 'Postgres is busy: 57014'],
] as const)(
  'OPS-20 a statement that fails with %s makes the database unavailable',
  async (code, class_, reason) => {
    expect(await failureOf(statementError(code))).toMatchObject({ ...class_, message: reason })
  },
)

test.each([
  ['a gateway', { status: 502, body: '<html>Bad gateway</html>' }, LOST, 'Neon answered 502'],
  ['500 without a word', { status: 500, body: '' }, LOST, 'Neon answered 500'],
  [
    '500 after the fact',
    { status: 500, body: '{"message":"could not parse postgres response"}' },
    LOST,
    'Neon answered 500',
  ],
  ['429', { status: 429, body: 'slow down' }, BUSY, 'Neon answered 429'],
  ['503', { status: 503, body: '' }, BUSY, 'Neon answered 503'],
  ['400 without JSON', { status: 400, body: 'no' }, LOST, 'Neon answered 400'],
  ['400 without a message', { status: 400, body: '{"code":""}' }, LOST, 'Neon answered 400'],
  [
    '400 for a reason unheard of',
    { status: 400, body: '{"message":"secret words"}' },
    REFUSED,
    'Neon refused',
  ],
  [
    '400 with null for its code',
    { status: 400, body: '{"message":"secret words","code":null}' },
    REFUSED,
    'Neon refused',
  ],
  ['200 without rows', { status: 200, body: '{"rows":{}}' }, LOST, 'Neon answered nonsense'],
  ['200 cut off', { status: 200, body: '{"rows": [' }, LOST, 'Neon answered nonsense'],
] as const)('OPS-20 %s makes the database unavailable', async (_, answer, class_, reason) => {
  expect(await failureOf(answer)).toMatchObject({ ...class_, message: reason })
})

test.each(['23505', '23503', '42P01', '42501', 'P0001'])(
  'OPS-24 a statement that fails with %s fails by itself: the driver gets the answer',
  async (code) => {
    // The words of a function's own error are not Neon's.
    const answer = statementError(code, 'connection closed')
    const response = await read(answer)
    expect([response.status, response.ok, await response.json()]).toEqual([
      400,
      false,
      JSON.parse(answer.body),
    ])
  },
)

test('OPS-20 rows reach the driver, of a batch too', async () => {
  const result = '{"rows":[["1"]],"fields":[{"name":"a"}]}'
  for (const body of [result, `{"results":[${result}]}`]) {
    const response = await read({ status: 200, body })
    expect([response.ok, await response.json()]).toEqual([true, JSON.parse(body)])
  }
})
