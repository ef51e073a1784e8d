import { beforeAll, expect, test } from 'vitest'
import { pageWeights } from '../tests/support/page-weight.ts'

/** kB of script at brotli 11; React alone is 58. */
const BUDGETS = [
  ['/', 2],
  ['/login', 70],
  ['/register', 70],
  ['/tasks', 75],
  ['/chat', 75],
  ['/account', 70],
  ['/connect', 0],
  ['/chatkit', 5],
] as const

let weights: Awaited<ReturnType<typeof pageWeights>>

beforeAll(async () => {
  weights = await pageWeights(new URL('dist', import.meta.url).pathname)
})

test.for(BUDGETS)('WEB-30 the script of %s weighs at most %i kB', ([page, kilobytes]) => {
  const weight = weights[page]
  expect(weight, `no page ${page} in web/dist: run "npm run build"`).toBeDefined()
  expect(weight?.total).toBeGreaterThan(0)
  expect(weight?.js).toBeLessThanOrEqual(kilobytes * 1_000)
})
