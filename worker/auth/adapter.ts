import { APIError } from 'better-auth/api'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import { eq, type SQL } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { tryGetContext } from 'hono/context-storage'
import type { AppEnv } from '../context.ts'
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

/**
 * Better Auth's drizzle adapter with transactions, which Neon's HTTP protocol has in one form only: statements sent
 * together. Better Auth opens a transaction to sign a person up and does nothing in it but create the user, the
 * account and the session, so creates are held back and sent as one. A sign-up that is cut off leaves nothing behind
 * that would lock its address out (specs/decisions/0003-sign-up-is-one-transaction.md).
 */
export function adapter({ once }: Database) {
  const inner = drizzleAdapter(once, { provider: 'pg', schema: tables })
  return (options: BetterAuthOptions): DBAdapter => {
    const direct = inner(options)
    const findOne: DBAdapter['findOne'] = (query) => {
      const beside = tryGetContext<AppEnv>()?.var.joinedRead
      const [by] = query.where
      if (!beside || query.model !== 'session' || by?.field !== 'token') return direct.findOne(query)
      return readSession(once, String(by.value), beside) as Promise<never>
    }
    return { ...direct, findOne, transaction: (run) => inOneBatch(once, direct, run) }
  }
}

/** What a page wants read in the very statement that reads its visitor's session, if one does: SQL on `session`. */
export interface JoinedRead {
  sql: SQL
  value?: unknown
}

/** A session with its user, as Better Auth joins the two, and what is wanted beside it. */
async function readSession(db: Db, token: string, beside: JoinedRead) {
  const [row] = await db
    .select({ session, user, value: beside.sql })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(eq(session.token, token))
  if (!row) return null
  beside.value = row.value
  return { ...row.session, user: row.user }
}

const tables = { user, account, session, verification, userRelations, accountRelations, sessionRelations }

type Transaction = Parameters<Parameters<DBAdapter['transaction']>[0]>[0]

async function inOneBatch<R>(
  db: Db,
  direct: DBAdapter,
  run: (transaction: Transaction) => Promise<R>,
): Promise<R> {
  const held: BatchItem<'pg'>[] = []
  const create: DBAdapter['create'] = ({ model, data }) => {
    const row = { id: crypto.randomUUID(), ...data }
    // Better Auth's rows have the very fields of the tables; its types do not know them.
    held.push(db.insert(tableOf(model)).values(row as never))
    return Promise.resolve(row as never)
  }
  const result = await run({ ...direct, create })
  const [first, ...rest] = held
  if (first) await db.batch([first, ...rest]).catch(refuseTakenAddress)
  return result
}

function tableOf(model: string) {
  const table = Object.entries({ user, account, session }).find(([name]) => name === model)?.[1]
  if (!table) throw new Error(`No transaction creates a ${model}.`)
  return table
}

/** Two sign-ups with one address at the same moment: the second is told what it would be told a moment later. */
function refuseTakenAddress(error: unknown): never {
  if (sqlState(error) !== UNIQUE_VIOLATION) throw error
  throw new APIError('UNPROCESSABLE_ENTITY', {
    code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    message: 'User already exists. Use another email.',
  })
}
