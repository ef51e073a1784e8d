import type { TestWorker } from './worker.ts'

/** Runs a request; returns its response, read to the end, and the number of statements in each database round trip. */
export async function costOf(worker: TestWorker, run: () => Promise<Response>) {
  worker.tap.clear()
  const response = await run()
  const text = await response.text()
  return {
    status: response.status,
    statements: worker.tap.requests.map((texts) => texts.length),
    text,
    response,
  }
}
