import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  CONNECTION_REFUSALS,
  LOST_COMPUTE,
  OWN_REFUSALS,
  UNSERVABLE_REQUESTS,
  type NeonAnswer,
} from '../../tests/support/neon-answers.ts'
import { Settings } from '../settings.ts'
import { connect, type Database } from './client.ts'
import { databaseFailureReason, unavailableReason } from './error.ts'
import { tasks } from './schema.ts'

const NO_ROWS = '{"fields":[],"rows":[],"command":"SELECT","rowCount":0,"rowAsArray":true}'

let answers: NeonAnswer[] = []
let asked = 0
let database: Database

beforeAll(async () => {
  const server = createServer((_, response) => {
    const { status, body } = answers[asked++] ?? { status: 200, body: NO_ROWS }
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  database = connect(
    Settings.parse({
      DATABASE_URL: 'postgres://margin:margin@localhost/margin',
      NEON_FETCH_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sql`,
      BETTER_AUTH_SECRET: 'x'.repeat(32),
      BETTER_AUTH_URL: 'http://localhost:8787',
    }),
  )
  return () => void server.close()
})

/** Makes these the next answers; returns how many requests were made by the end of the statement, and its error. */
async function run(statement: () => PromiseLike<unknown>, ...next: NeonAnswer[]) {
  answers = next
  asked = 0
  onTestFinished(() => void (answers = []))
  const error: unknown = await Promise.resolve(statement()).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { requests: asked, error }
}

const isMine = eq(tasks.id, '00000000-0000-7000-8000-000000000000')
const SELECT = () => database.once.select().from(tasks).where(isMine)
const UPDATE = () => database.once.update(tasks).set({ completed: true }).where(isMine)
const WRITE_AND_READ = () => {
  const written = database.once
    .$with('written')
    .as(database.once.update(tasks).set({ completed: true }).where(isMine).returning())
  return database.once.with(written).select().from(written)
}

test.each([
  ['select', SELECT],
  ['query', () => database.once.query.tasks.findMany({ where: isMine })],
  ['SQL of the repeatable client', () => database.repeatable.execute(sql`select 1`)],
])('OPS-104 a read is retried after a lost answer: %s', async (_, statement) => {
  expect(await run(statement, LOST_COMPUTE.closed)).toEqual({ requests: 2, error: undefined })
})

test.each([
  ['an update', UPDATE],
  ['an update that returns rows', WRITE_AND_READ],
  ['a batch', () => database.once.batch([SELECT(), UPDATE()])],
])('OPS-104 %s that may run once is not retried after a lost answer', async (_, statement) => {
  const { requests, error } = await run(statement, LOST_COMPUTE.closed)
  expect(requests).toBe(1)
  expect(unavailableReason(error)).toBe('Neon lost Postgres')
})

test.each([
  ['a full Postgres', CONNECTION_REFUSALS.full],
  ['a Postgres that starts', CONNECTION_REFUSALS.starting],
  ['no permit', OWN_REFUSALS.noPermit],
  ['the control plane', OWN_REFUSALS.controlPlane],
])('OPS-102 a statement that may run once is retried when it never ran: %s', async (_, answer) => {
  expect(await run(UPDATE, answer)).toEqual({ requests: 2, error: undefined })
})

test('OPS-100 a refusal that no retry can help is not retried', async () => {
  const { requests, error } = await run(SELECT, OWN_REFUSALS.wrongPassword)
  expect(requests).toBe(1)
  expect(unavailableReason(error)).toBe('Neon refused the user or password of DATABASE_URL')
})

test('OPS-103 an answer over the limit of Neon is neither retried nor an outage, and has a reason', async () => {
  const { requests, error } = await run(SELECT, UNSERVABLE_REQUESTS.answerTooLarge)
  expect(requests).toBe(1)
  expect(unavailableReason(error)).toBeUndefined()
  expect(databaseFailureReason(error)).toBe('The answer is too large for Neon')
})
