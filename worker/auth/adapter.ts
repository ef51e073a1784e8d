import { APIError } from 'better-auth/api'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import type { BatchItem } from 'drizzle-orm/batch'
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
    return { ...direct, transaction: (run) => inOneBatch(once, direct, run) }
  }
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
