import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { UserError, reasonOf, runCommand } from './command.ts'
import { type DatabaseAddress, readDatabaseAddress, ROOT } from './dev-vars.ts'

/** Drizzle's own table, so that drizzle's tools agree with this one on what has been applied. */
const PREPARE = [
  'CREATE SCHEMA IF NOT EXISTS drizzle',
  `CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (
     id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
]
const LAST_APPLIED = 'SELECT max(created_at) AS at FROM drizzle.__drizzle_migrations'
const RECORD = 'INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)'
/** An arbitrary number, but always the same one: two runs at once wait for each other. */
const LOCK = 'SELECT pg_advisory_xact_lock(6278)'

/**
 * Applies the pending migrations over Neon's HTTP protocol, in one transaction; returns their number. Drizzle's own
 * migrator sends statement by statement, so that a run that is cut off half-way can never be repeated.
 * @throws UserError when the database does not answer or refuses
 */
export async function migrate({ databaseUrl, endpoint }: DatabaseAddress): Promise<number> {
  const endpointBefore = neonConfig.fetchEndpoint
  if (endpoint) neonConfig.fetchEndpoint = endpoint
  try {
    const sql = neon(databaseUrl)
    const queries = (texts: string[]) => texts.map((text) => sql.query(text))
    const prepared = await sql.transaction(queries([LOCK, ...PREPARE, LAST_APPLIED]))
    const [last] = prepared.at(-1) as { at: string | null }[]
    const pending = readMigrationFiles({ migrationsFolder: join(ROOT, 'worker/db/migrations') }).filter(
      (file) => file.folderMillis > Number(last?.at ?? 0),
    )
    const steps = pending.flatMap((file) => [
      ...queries(file.sql),
      sql.query(RECORD, [file.hash, file.folderMillis]),
    ])
    if (pending.length > 0) await sql.transaction([...queries([LOCK]), ...steps])
    return pending.length
  } catch (error) {
    throw new UserError(
      `the database at ${databaseHost({ databaseUrl, endpoint })} was not migrated: ${reasonOf(error)}`,
      {
        cause: error,
      },
    )
  } finally {
    neonConfig.fetchEndpoint = endpointBefore
  }
}

/** Returns the host and name of a database, or the host of its endpoint; without user and password. */
export const databaseHost = ({ databaseUrl, endpoint }: DatabaseAddress) =>
  new URL(endpoint ?? databaseUrl).host + (endpoint ? '' : new URL(databaseUrl).pathname)

/** Describes how many migrations were applied. */
export const describeMigrations = (migrations: number) =>
  migrations === 0 ? 'up to date' : `${migrations} migration${migrations === 1 ? '' : 's'} applied`

if (import.meta.main)
  await runCommand(async () => {
    const address = readDatabaseAddress(process.env)
    console.log(`${databaseHost(address)}: ${describeMigrations(await migrate(address))}`)
  })
