import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import pg from 'pg'

/** Connections to a real PostgreSQL; PGlite has one. */
const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 5_000

/** Every value as the text that Postgres sent: what Neon calls raw output. */
const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (text: string | Buffer) => text }

export interface OpenDatabase {
  pool: pg.Pool
  /** PGlite's data directory as one blob, to start others from; a real PostgreSQL has none. */
  snapshot(): Promise<Blob>
  close(): Promise<void>
}

/** Whether `database` names a PostgreSQL server, rather than a place for PGlite. */
export const isServer = (database: string) => /^postgres(ql)?:\/\//.test(database)

/**
 * Opens a PostgreSQL server by its URL, or PGlite in a directory or in memory (`memory://`, from `snapshot` if given):
 * both are a `pg.Pool`, so that what stands in front needs one way of asking.
 */
export async function openDatabase(database: string, snapshot?: Blob): Promise<OpenDatabase> {
  return isServer(database) ? openServer(database) : openPglite(database, snapshot)
}

async function openServer(connectionString: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: AS_TEXT,
  })
  surviveLostConnections(pool)
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  client.release()
  return {
    pool,
    snapshot: () => Promise.reject(new Error('only PGlite can give a snapshot')),
    close: () => pool.end(),
  }
}

async function openPglite(directory: string, snapshot?: Blob): Promise<OpenDatabase> {
  const [{ PGlite }, { createPgConfig }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite/node-postgres'),
  ])
  // Made beside its place and moved there when whole: one that was cut off half-way would never open again.
  if (!directory.includes('://') && !existsSync(directory)) {
    const making = `${directory}.new`
    await rm(making, { recursive: true, force: true })
    await mkdir(dirname(directory), { recursive: true })
    await (await PGlite.create(making)).close()
    await rename(making, directory)
  }
  const pglite = await PGlite.create(directory, snapshot ? { loadDataDir: snapshot } : {})
  // The shim stands in for a connection of pg, which its types do not know.
  const connection = createPgConfig(pglite) as unknown as pg.PoolConfig
  const pool = new pg.Pool({ ...connection, max: 1, types: AS_TEXT })
  surviveLostConnections(pool)
  return {
    pool,
    snapshot: () => pglite.dumpDataDir('gzip'),
    close: async () => {
      await pool.end()
      await pglite.close()
    },
  }
}

/** The pool replaces an idle connection that broke; without a listener Node would end the process instead. */
function surviveLostConnections(pool: pg.Pool) {
  pool.on('error', () => {})
}
