import { expect, test } from 'vitest'
import { expectProblem } from '../support/problem.ts'
import { DATABASE_PASSWORD, startWorker } from '../support/worker.ts'

const worker = await startWorker({ BETTER_AUTH_SECRET: 'too-short' })

test('OPS-30 a Worker with a short secret serves nothing, and its log says what to do', async () => {
  for (const path of ['/api/health', '/api/tasks', '/tasks'])
    await expectProblem(await worker.fetch(path), 500, 'internal')
  expect(worker.logs()).toContain('BETTER_AUTH_SECRET needs at least 32 characters')
  expect(worker.logs()).not.toContain('too-short')
  expect(worker.logs()).not.toContain(DATABASE_PASSWORD)
})
