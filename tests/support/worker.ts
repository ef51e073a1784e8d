import { createTestHarness, type TestHarness } from 'wrangler'
import { afterAll, inject } from 'vitest'
import { assertDescribed } from './contract.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

export const ORIGIN = 'http://localhost:8787'
export const SECRET = 'a-secret-for-tests-that-is-long-enough'
export const DATABASE_PASSWORD = 'hunter2-must-never-be-seen'

export interface TestWorker {
  /**
   * Sends a request to the built Worker in workerd; paths are relative to ORIGIN.
   * @throws Error when the answer is not as openapi.json describes it
   */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Where it listens; it takes itself to be at BETTER_AUTH_URL all the same. */
  url: string
  tap: FaultProxy
  /** Fires the cron trigger. */
  runCron(): Promise<void>
  /** What the Worker has logged so far. */
  logs(): string
}

/**
 * The Worker as it is deployed, in workerd, with a tap between it and the shared database; closed when the file ends.
 * `settings` are added to, or stand in for, those of a test.
 */
export async function startWorker(settings: Record<string, string> = {}): Promise<TestWorker> {
  const tap = await startFaultProxy(inject('gateway'))
  const server = createTestHarness({
    workers: [
      {
        configPath: inject('config'),
        secrets: {
          DATABASE_URL: `postgres://margin:${DATABASE_PASSWORD}@localhost/margin`,
          NEON_FETCH_ENDPOINT: tap.url,
          BETTER_AUTH_SECRET: SECRET,
          BETTER_AUTH_URL: ORIGIN,
          ...settings,
        },
      },
    ],
  })
  const { url } = await server.listen()
  afterAll(async () => {
    await server.close()
    await tap.close()
  })
  return {
    tap,
    url: url.href,
    runCron: async () => {
      const { outcome } = await server.getWorker().scheduled({ cron: '17 3 * * *' })
      if (outcome !== 'ok') throw new Error(`the cron trigger ended as ${outcome}`)
    },
    logs: () => JSON.stringify(server.getLogs()),
    async fetch(path, init) {
      const asked = { redirect: 'manual', ...init } as never
      const { body, ...head } = await readWhole(await server.fetch(new URL(path, ORIGIN).href, asked))
      const response = new Response(body, head)
      const method = init?.method ?? 'GET'
      assertDescribed({ method, path }, response, new TextDecoder().decode(body ?? undefined))
      return response
    },
  }
}

/**
 * Reads the body at once: the harness lets go of the response it got, and undici cancels the body of a response that is
 * garbage-collected, under whoever has not read it yet.
 */
async function readWhole(response: Awaited<ReturnType<TestHarness['fetch']>>) {
  const bytes = await response.arrayBuffer()
  const hasNoBody = response.status === 204 || response.status === 304
  return { status: response.status, headers: [...response.headers], body: hasNoBody ? null : bytes }
}
