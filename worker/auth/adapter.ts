import { APIError } from 'better-auth/api'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import { eq } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { tryGetContext } from 'hono/context-storage'
import type { Database, Db } from '../db/client.ts'
import { sqlState, UNIQUE_VIOLATION } from '../db/error.ts'
import {
  account,
  accountRelations,
  session,
  sessionRelations,
  user,
  userRelations,
  verification,
} from '../db/auth-schema.ts'
import type { JoinedRead } from './joined-read.ts'

/** Better Auth's models as drizzle knows them. */
export const authTables = {
  user,
  account,
  session,
  verification,
  userRelations,
  accountRelations,
  sessionRelations,
}

/**
 * Better Auth's drizzle adapter, with the one form of transaction that Neon's HTTP protocol has: a batch. Better Auth
 * opens a transaction only to sign a user up, and only creates the user, the account and the session in it, so that the
 * creates are collected and sent together. A sign-up that is cut off leaves nothing behind that would block its address
 * (specs/decisions/0003-sign-up-is-one-transaction.md).
 */
export function authAdapter({ once }: Database) {
  const inner = drizzleAdapter(once, { provider: 'pg', schema: authTables })
  return (options: BetterAuthOptions): DBAdapter => {
    const direct = inner(options)
    const findOne: DBAdapter['findOne'] = async (query) => {
      const joined = tryGetContext<{ Variables: { joinedRead?: JoinedRead } }>()?.var.joinedRead
      const token = sessionTokenOf(query)
      if (!joined || token === undefined) return direct.findOne(query)
      return toRow(await readSession(once, token, joined))
    }
    return { ...direct, findOne, transaction: (run) => inOneBatch(once, direct, run) }
  }
}

/** Returns the token when this is the query by which Better Auth's getSession reads a session. */
export function sessionTokenOf({ model, where }: Parameters<DBAdapter['findOne']>[0]): string | undefined {
  const [condition, ...more] = where
  const isByToken = model === 'session' && condition?.field === 'token' && more.length === 0
  return isByToken ? String(condition.value) : undefined
}

/** Reads a session with its user, in the shape of Better Auth's join, and the page's joined value. */
async function readSession(db: Db, token: string, joined: JoinedRead) {
  const [row] = await db
    .select({ session, user, value: joined.sql })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(eq(session.token, token))
  if (!row) return null
  joined.value = row.value
  return { ...row.session, user: row.user }
}

/**
 * Types a row as Better Auth's generic adapter methods require: their callers assert a row type that no implementation
 * can derive. Rows have the fields of the tables above.
 */
export const toRow = <Row>(row: object | null): Row => row as Row

type Transaction = Parameters<Parameters<DBAdapter['transaction']>[0]>[0]

async function inOneBatch<R>(
  db: Db,
  direct: DBAdapter,
  run: (transaction: Transaction) => Promise<R>,
): Promise<R> {
  const inserts: BatchItem<'pg'>[] = []
  const create: DBAdapter['create'] = ({ model, data }) => {
    const row = { id: crypto.randomUUID(), ...data }
    inserts.push(db.insert(tableOf(model)).values(toRow(row)))
    return Promise.resolve(toRow(row))
  }
  const result = await run({ ...direct, create })
  const [first, ...rest] = inserts
  if (first) await db.batch([first, ...rest]).catch(refuseTakenAddress)
  return result
}

function tableOf(model: string) {
  const table = Object.entries({ user, account, session }).find(([name]) => name === model)?.[1]
  if (!table) throw new Error(`No transaction creates a ${model}.`)
  return table
}

/** Of two simultaneous sign-ups with one address, answers the second as if it had come later. */
function refuseTakenAddress(error: unknown): never {
  if (sqlState(error) !== UNIQUE_VIOLATION) throw error
  throw new APIError('UNPROCESSABLE_ENTITY', {
    code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    message: 'User already exists. Use another email.',
  })
}
