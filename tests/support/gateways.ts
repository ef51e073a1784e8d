import { neon, neonConfig } from '@neondatabase/serverless'
import { afterAll } from 'vitest'
import { startGateway, type Gateway } from '../../dev/neon-gateway.ts'
import { pristineSnapshot } from './pristine-database.ts'
import { startRealPostgres } from './real-postgres.ts'

/** What the gateway must be the same in front of. */
export const DATABASES = ['PGlite', 'PostgreSQL'] as const
type Name = (typeof DATABASES)[number]

const URL_OF_NOBODY = 'postgres://margin:margin@localhost/margin'
const opened = new Map<Name, Promise<Opened>>()

interface Opened {
  gateway: Gateway
  /** The SQL of each request so far. */
  requests: string[][]
  /** Each SQL text so far, with the number of its request. */
  statements: { request: number; text: string }[]
  close(): Promise<void>
}

/** A gateway in front of a fresh database of that kind, one for a test file, and the Neon driver pointed at it. */
export async function gatewayOf(name: Name) {
  const opening = opened.get(name) ?? open(name)
  opened.set(name, opening)
  const { gateway, requests, statements } = await opening
  neonConfig.fetchEndpoint = gateway.url
  return { gateway, requests, statements, sql: neon(URL_OF_NOBODY) }
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
