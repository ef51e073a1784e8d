import type { TestProject } from 'vitest/node'
import { migrate } from '../../dev/migrate.ts'
import { startGateway } from '../../dev/neon-gateway.ts'
import { bundleWorker } from './bundle.ts'
import { pristineSnapshot } from './pristine-database.ts'
import { startRealPostgres } from './real-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the gateway in front of the database that all files of a run share. */
    gateway: string
    /** Path of the built Worker's configuration. */
    config: string
  }
}

/** Prepares a bundled Worker and a migrated database for a run: PGlite, or PostgreSQL if MARGIN_TEST_DATABASE=postgres. */
export async function setup(project: TestProject) {
  const real = process.env['MARGIN_TEST_DATABASE'] === 'postgres' ? await startRealPostgres() : undefined
  const gateway = await startGateway({
    database: real?.url ?? 'memory://',
    ...(!real && { snapshot: await pristineSnapshot() }),
    port: 0,
  })
  await migrate({ databaseUrl: DATABASE_URL, endpoint: gateway.url })
  const worker = await bundleWorker()
  project.provide('gateway', gateway.url)
  project.provide('config', worker.configPath)
  return async () => {
    await worker.remove()
    await gateway.close()
    await real?.stop()
  }
}

const DATABASE_URL = 'postgres://margin:margin@localhost/margin'
