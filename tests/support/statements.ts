import type { TestWorker } from './worker.ts'

/** Round trips to the database, and the number of statements in each, that `run` makes; its answer, read to the end. */
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
