import { createTestHarness, type TestHarness } from 'wrangler'
import { afterAll, inject } from 'vitest'
import { assertDescribed } from './contract.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { closers } from './process-end.ts'

export const ORIGIN = 'http://localhost:8787'
export const SECRET = 'a-secret-for-tests-that-is-long-enough'
export const DATABASE_PASSWORD = 'hunter2-must-never-be-seen'

type HarnessInit = Parameters<TestHarness['fetch']>[1]

export interface TestWorker {
  /**
   * Sends a request to the built Worker in workerd; paths are relative to ORIGIN.
   * @throws Error when openapi.json does not describe the response
   */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Where it listens; the Worker itself uses BETTER_AUTH_URL as its address. */
  url: string
  tap: FaultProxy
  /** Fires the cron trigger. */
  runCron(): Promise<void>
  /** Returns what the Worker has logged so far. */
  logs(): string
}

interface RunningWorker {
  tap: FaultProxy
  server: TestHarness
  url: URL
}

/** The Worker that the test files of a process share: starting one takes three quarters of a second of processor time. */
let shared: Promise<RunningWorker> | undefined

/**
 * Starts the Worker as it is deployed, in workerd, with a fault proxy between it and the shared database. `settings` add to
 * those of tests or replace them; then the Worker is this file's alone and closed after it. Without any, it is shared with
 * other files: a test looks only at requests, logs and users of its own.
 */
export async function startWorker(settings?: Record<string, string>): Promise<TestWorker> {
  const { tap, server, url } = await (settings ? launch(settings) : (shared ??= launchShared()))
  server.clearLogs()
  afterAll(async () => {
    if (!settings) return tap.reset()
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
      // The harness has undici's RequestInit, tests have the Workers' one; they differ in types the tests do not use.
      const request = { redirect: 'manual', ...init } as HarnessInit
      const { body, ...head } = await readWhole(await server.fetch(new URL(path, ORIGIN).href, request))
      const response = new Response(body, head)
      const method = init?.method ?? 'GET'
      assertDescribed({ method, path }, response, new TextDecoder().decode(body ?? undefined))
      return response
    },
  }
}

async function launchShared(): Promise<RunningWorker> {
  const worker = await launch()
  closers().push(() => worker.server.close().then(() => worker.tap.close()))
  return worker
}

async function launch(settings: Record<string, string> = {}): Promise<RunningWorker> {
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
  return { tap, server, url }
}

/**
 * Reads the body at once: the harness drops its reference to the response, and undici cancels the body of a response that
 * is garbage-collected before it has been read.
 */
async function readWhole(response: Awaited<ReturnType<TestHarness['fetch']>>) {
  const bytes = await response.arrayBuffer()
  const hasNoBody = response.status === 204 || response.status === 304
  return { status: response.status, headers: [...response.headers], body: hasNoBody ? null : bytes }
}
