import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { UserError, reasonOf, runCommand } from './command.ts'
import { type DatabaseAddress, readDatabaseAddress, ROOT } from './dev-vars.ts'

/** Drizzle's own table, so that its tools agree with this one on what has been done. */
const PREPARE = [
  'CREATE SCHEMA IF NOT EXISTS drizzle',
  `CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (
     id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
]
const LAST_DONE = 'SELECT max(created_at) AS at FROM drizzle.__drizzle_migrations'
const RECORD = 'INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)'
/** The number means nothing, but stays the same: two runs at once wait for each other. */
const LOCK = 'SELECT pg_advisory_xact_lock(6278)'

/**
 * Brings a database up to date over Neon's HTTP protocol; returns how many migrations that took. They are one
 * transaction: drizzle's own migrator sends statement by statement, and a run cut off half-way can never be repeated.
 * @throws Complaint when the database does not answer or refuses
 */
export async function migrate({ databaseUrl, endpoint }: DatabaseAddress): Promise<number> {
  const endpointBefore = neonConfig.fetchEndpoint
  if (endpoint) neonConfig.fetchEndpoint = endpoint
  try {
    const sql = neon(databaseUrl)
    const queries = (texts: string[]) => texts.map((text) => sql.query(text))
    const prepared = await sql.transaction(queries([LOCK, ...PREPARE, LAST_DONE]))
    const [last] = prepared.at(-1) as { at: string | null }[]
    const due = readMigrationFiles({ migrationsFolder: join(ROOT, 'worker/db/migrations') }).filter(
      (file) => file.folderMillis > Number(last?.at ?? 0),
    )
    const steps = due.flatMap((file) => [
      ...queries(file.sql),
      sql.query(RECORD, [file.hash, file.folderMillis]),
    ])
    if (due.length > 0) await sql.transaction([...queries([LOCK]), ...steps])
    return due.length
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

/** Where a database is, fit to be shown. */
export const databaseHost = ({ databaseUrl, endpoint }: DatabaseAddress) =>
  new URL(endpoint ?? databaseUrl).host + (endpoint ? '' : new URL(databaseUrl).pathname)

/** What was done, in words. */
export const countOf = (migrations: number) =>
  migrations === 0 ? 'up to date' : `${migrations} migration${migrations === 1 ? '' : 's'} applied`

if (import.meta.main)
  await runCommand(async () => {
    const address = readDatabaseAddress(process.env)
    console.log(`${databaseHost(address)}: ${countOf(await migrate(address))}`)
  })
