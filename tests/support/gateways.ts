import { neon, neonConfig } from '@neondatabase/serverless'
import { afterAll } from 'vitest'
import { startGateway, type Gateway } from '../../dev/neon-gateway.ts'
import { pristineSnapshot } from './pristine-database.ts'
import { startRealPostgres } from './real-postgres.ts'

/** The databases that the gateway must treat alike. */
export const DATABASES = ['PGlite', 'PostgreSQL'] as const
type Name = (typeof DATABASES)[number]

const IGNORED_URL = 'postgres://margin:margin@localhost/margin'
const opened = new Map<Name, Promise<Opened>>()

interface Opened {
  gateway: Gateway
  /** The SQL of each request so far. */
  requests: string[][]
  /** Each SQL text so far, with the number of its request. */
  statements: { request: number; text: string }[]
  close(): Promise<void>
}

/** Returns a gateway in front of a new database of this kind, one per test file, and the Neon driver for it. */
export async function gatewayOf(name: Name) {
  const opening = opened.get(name) ?? open(name)
  opened.set(name, opening)
  const { gateway, requests, statements } = await opening
  neonConfig.fetchEndpoint = gateway.url
  return { gateway, requests, statements, sql: neon(IGNORED_URL) }
}

async function open(name: Name): Promise<Opened> {
  const real = name === 'PostgreSQL' ? await startRealPostgres() : undefined
  const requests: string[][] = []
  const statements: Opened['statements'] = []
  const gateway = await startGateway({
    database: real?.url ?? 'memory://',
    ...(!real && { snapshot: await pristineSnapshot() }),
    port: 0,
    onRequest: ({ queries }) => requests.push(queries),
    onStatement: ({ request, text }) => statements.push({ request, text }),
  })
  const close = async () => {
    await gateway.close()
    await real?.stop()
  }
  return { gateway, requests, statements, close }
}

afterAll(async () => {
  for (const opening of opened.values()) await (await opening).close()
})
