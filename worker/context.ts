import type { Context } from 'hono'
import type { Auth } from './auth/auth.ts'
import type { JoinedRead } from './auth/joined-read.ts'
import type { Database, DatabaseUse } from './db/client.ts'
import type { Scope } from './db/scope.ts'
import type { Assets, Settings } from './settings.ts'

/** The context of every handler. `Bindings` stays opaque: only settings.ts may read it. */
export interface AppEnv {
  Bindings: object
  Variables: {
    requestId: string
    assets: Assets
    settings: Settings
    database: Database
    databaseUse: DatabaseUse
    /** Milliseconds spent verifying the token. */
    authMs?: number
    auth: Auth
    joinedRead?: JoinedRead
  }
}

/** The context behind `requireUser`: the user is known. */
export interface UserEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { userId: string; sessionId: string | undefined }
}

/** Returns what a verb may know of a request: the database and the user, none of the settings. */
export const scopeOf = <Env extends UserEnv>({ var: { database, userId } }: Context<Env>): Scope => ({
  database,
  userId,
})
