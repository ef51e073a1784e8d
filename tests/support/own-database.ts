import { afterAll } from 'vitest'
import { migrate } from '../../dev/migrate.ts'
import { startGateway } from '../../dev/neon-gateway.ts'
import { pristineSnapshot } from './pristine-database.ts'

/** Opens a migrated database for this test file alone; returns the URL of its gateway. */
export async function openOwnDatabase(): Promise<string> {
  const snapshot = await pristineSnapshot()
  const gateway = await startGateway({ database: 'memory://', snapshot, port: 0 })
  afterAll(() => gateway.close())
  await migrate({ databaseUrl: 'postgres://margin:margin@localhost/margin', endpoint: gateway.url })
  return gateway.url
}
