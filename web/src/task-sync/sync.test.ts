import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Writer } from './testing/expected-state.ts'
import { propertySeed } from '../../../tests/support/property-seed.ts'
import { arbitraryFates, arbitrarySteps, createWorld } from './testing/world.ts'

test('WEB-36 two tabs and a server converge to the same list with nothing lost or doubled, whatever happens on the way', async () => {
  const run = fc.asyncProperty(
    fc.scheduler(),
    arbitraryFates,
    arbitrarySteps,
    async (scheduler, fates, steps) => {
      const { server, tabs, expected, ...world } = createWorld(scheduler, fates)
      let hasFailed = false
      await world.run(steps, ({ act }) => (hasFailed ||= act === 'fail'))
      await world.repair()

      // This device's changes are in both tabs without another pull, whichever tab was closed.
      const isOurs = (writers: readonly Writer[]) => !hasFailed && !writers.includes('elsewhere')
      for (const { store } of tabs) expect(expected.violations(store.getSnapshot().tasks, isOurs)).toEqual([])

      for (const { store } of tabs) void store.sync()
      await world.settle()

      const tasks = server.list()
      for (const { store } of tabs)
        expect(store.getSnapshot()).toMatchObject({
          tasks,
          unsent: 0,
          refusals: [],
          persisted: true,
          complete: true,
        })
      expect(expected.violations(tasks)).toEqual([])
      expect(server.rows.size).toBeLessThanOrEqual(expected.count())
    },
  )
  await fc.assert(run, { numRuns: 1_500, seed: propertySeed(20_261_121), endOnFailure: true })
})

test('WEB-37 operations that two tabs know of are pushed by one of them, once', async () => {
  const run = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const { server, tabs, repair } = createWorld(scheduler, [].values())
    const isRepaired = repair()
    for (const title of ['One', 'Two', 'Three']) tabs[0].store.add(title)
    tabs[1].store.add('Four')
    await isRepaired
    expect(server.list()).toHaveLength(4)
    expect(server.sent()).toBe(4)
    for (const { store } of tabs) expect(store.getSnapshot().tasks).toEqual(server.list())
  })
  await fc.assert(run, { numRuns: 100, seed: propertySeed(1) })
})
