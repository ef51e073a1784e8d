import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import pg from 'pg'

/** Connections to a real PostgreSQL: half of what one takes by default, as others may use it too. PGlite has one. */
const CONNECTIONS_MAX = 50
const CONNECT_TIMEOUT_MS = 5_000

/** Every value as the text that Postgres sent: what Neon calls raw output. */
const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (text: string | Buffer) => text }

export interface OpenDatabase {
  pool: pg.Pool
  /** Cancels the statement that a connection is running, where that is possible: PGlite runs in this very thread. */
  cancel(client: pg.PoolClient): Promise<void>
  /**
   * Takes a connection back after a request: without an open transaction or any state of the session, or else closed.
   * `healthy` is false after a statement that failed. Never rejects.
   */
  release(client: pg.PoolClient, healthy: boolean): Promise<void>
  /** PGlite's data directory as one blob, to start others from; a real PostgreSQL has none. */
  snapshot(): Promise<Blob>
  close(): Promise<void>
}

/** Whether `database` names a PostgreSQL server, rather than a place for PGlite. */
export const isServer = (database: string) => /^postgres(ql)?:\/\//.test(database)

/**
 * Opens a PostgreSQL server by its URL, or PGlite in a directory or in memory (`memory://`, from `snapshot` if given).
 * Both are a `pg.Pool`, so that the gateway treats them alike.
 */
export async function openDatabase(database: string, snapshot?: Blob): Promise<OpenDatabase> {
  return isServer(database) ? openServer(database) : openPglite(database, snapshot)
}

async function openServer(connectionString: string): Promise<OpenDatabase> {
  const config = { connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS }
  const pool = createPool({ ...config, max: CONNECTIONS_MAX, types: AS_TEXT })
  // Cancelling must not wait for a connection of those that are to be cancelled.
  const controlPool = createPool({ ...config, max: 2 })
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  client.release()
  return {
    pool,
    async cancel(busy) {
      await controlPool.query('select pg_cancel_backend($1)', [backendOf(busy).processID]).catch(() => {})
    },
    async release(used, healthy) {
      if (healthy && (await reset(used))) return used.release()
      // Postgres rolls back before it closes its end: whoever waits for this sees nothing of the request any more.
      await backendOf(used)
        .end()
        .catch(() => {})
      used.release(true)
    },
    snapshot: () => Promise.reject(new Error('only PGlite can give a snapshot')),
    close: async () => {
      await Promise.all([pool.end(), controlPool.end()])
    },
  }
}

/** Members of a pooled client that pg's types leave out. */
interface Backend {
  processID: number
  end(): Promise<void>
}

const backendOf = (client: pg.PoolClient) => client as pg.PoolClient & Backend

/**
 * PGlite's stack for recursion, which is smaller than Postgres takes it to be: past it, PGlite never answers again
 * instead of failing with 54001.
 */
const PGLITE_STACK = ['-c', 'max_stack_depth=200kB']

async function openPglite(directory: string, snapshot?: Blob): Promise<OpenDatabase> {
  const [{ PGlite }, { createPgConfig }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite/node-postgres'),
  ])
  // Created under another name and moved when it is complete: a directory that was cut off half-way never opens again.
  if (!directory.includes('://') && !existsSync(directory)) {
    const incomplete = `${directory}.new`
    await rm(incomplete, { recursive: true, force: true })
    await mkdir(dirname(directory), { recursive: true })
    await (await PGlite.create(incomplete)).close()
    await rename(incomplete, directory)
  }
  const startParams = [...PGlite.defaultStartParams, ...PGLITE_STACK]
  const pglite = await PGlite.create(directory, { startParams, ...(snapshot && { loadDataDir: snapshot }) })
  const { connection, user, password, database } = createPgConfig(pglite)
  // The shim replaces pg's connection, for which pg's types have no member.
  const config: pg.PoolConfig & { connection: unknown } = { connection, user, password, database }
  const pool = createPool({ ...config, max: 1, types: AS_TEXT })
  return {
    pool,
    cancel: () => Promise.resolve(),
    async release(used) {
      const error = (await reset(used)) ? undefined : new Error('the session could not be reset')
      used.release(error)
    },
    snapshot: () => pglite.dumpDataDir('gzip'),
    close: async () => {
      await pool.end()
      await pglite.close()
    },
  }
}

/** The pool replaces connections that are lost; without listeners, Node would end the process when one is. */
function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', () => {})
  // The pool itself listens to idle connections only.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Ends the transaction that is open and the state of the session, as Neon does; returns whether that worked. */
async function reset(client: pg.PoolClient): Promise<boolean> {
  try {
    const status = client.getTransactionStatus()
    if (status === 'T' || status === 'E') await client.query('ROLLBACK')
    await client.query('DISCARD ALL')
    return true
  } catch {
    return false
  }
}
