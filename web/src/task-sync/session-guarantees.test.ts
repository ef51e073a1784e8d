import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskPatch } from '#contract/task.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { propertySeed } from '../../../tests/support/property-seed.ts'
import { milk, neverEnding, failedPush, setUpStore } from './testing/test-store.ts'
import { arbitraryFates, arbitrarySteps, createWorld, type World } from './testing/world.ts'

/** Asserts that a guarantee holds in random worlds whose device works; README.md says what it means. */
async function assertGuarantee(
  seed: number,
  watch: (world: World) => { violations: () => readonly object[]; afterEach?: () => void },
): Promise<void> {
  const run = fc.asyncProperty(
    fc.scheduler(),
    arbitraryFates,
    arbitrarySteps,
    async (scheduler, fates, steps) => {
      const world = createWorld(scheduler, fates)
      const { violations, afterEach } = watch(world)
      await world.run(
        steps.filter(({ act }) => act !== 'fail'),
        afterEach,
      )
      await world.repair()
      expect(violations()).toEqual([])
    },
  )
  await fc.assert(run, { numRuns: 300, seed: propertySeed(seed), endOnFailure: true })
}

test('WEB-102 read-your-writes: a tab shows its own changes at every moment, acknowledged or not', async () => {
  let checks = 0
  await assertGuarantee(20_261_126, ({ tabs, expected }) => {
    const violations: object[] = []
    const check = () => {
      for (const writer of [0, 1] as const) {
        const { store, isReopened } = tabs[writer]
        if (isReopened) continue
        const tasks = new Map(store.getSnapshot().tasks.map((task) => [task.id, task]))
        for (const { id, field, value } of expected.ownFields(writer)) {
          checks++
          const shown = tasks.get(id)?.[field]
          if (shown !== value) violations.push({ writer, id, field, value, shown })
        }
      }
    }
    for (const { store } of tabs) store.subscribe(check)
    return { violations: () => violations, afterEach: check }
  })
  expect(checks).toBeGreaterThan(1_000)
})

test('WEB-102 read-your-writes: a tab that is opened later shows what another has stored', async () => {
  const { store, device } = await setUpStore([failedPush(503)], { pause: neverEnding })
  store.change(milk, { title: 'Oat milk' })
  store.add('Bread')
  const later = await setUpStore([failedPush(503)], { device, pause: neverEnding })
  expect(later.titles()).toEqual(['Bread', 'Oat milk'])
})

test('WEB-103 monotonic reads: a tab never goes back to an older version of a task, nor to a deleted one', async () => {
  let checks = 0
  await assertGuarantee(20_261_127, ({ tabs, expected }) => {
    const violations: object[] = []
    for (const { store } of tabs) {
      const versions = new Map<string, string>()
      const hidden = new Set<string>()
      store.subscribe(() => {
        const { tasks } = store.getSnapshot()
        const present = new Set(tasks.map(({ id }) => id))
        for (const id of versions.keys()) if (!present.has(id)) hidden.add(id)
        for (const { id, updated_at, unacknowledged } of tasks) {
          // A restored task is shown as it was until the server answers: an optimistic update, not a read. The answer to
          // a delete has no version, so that of a task that was deleted elsewhere too may be too old for this tab.
          if (unacknowledged || expected.isRestored(id) || expected.isRemovedOnTwoDevices(id)) continue
          checks++
          const seen = versions.get(id) ?? ''
          if (hidden.has(id) || updated_at < seen)
            violations.push({ id, updated_at, seen, hidden: hidden.has(id) })
          versions.set(id, updated_at)
        }
      })
    }
    return { violations: () => violations }
  })
  expect(checks).toBeGreaterThan(1_000)
})

test('WEB-104 monotonic writes: the server carries out a tab’s changes to a field in the order they were made', async () => {
  let checks = 0
  await assertGuarantee(20_261_128, ({ server, expected }) => ({
    violations: () => {
      const violations: object[] = []
      for (const id of server.rows.keys())
        for (const field of ['title', 'description'] satisfies (keyof TaskPatch)[]) {
          const written = expected.valuesByOneWriter(id, field)
          if (!written) continue
          const order = server.history
            .filter((row) => row.id === id)
            .map((row) => written.indexOf(row[field]))
          checks += order.length
          if (order.some((at, index) => at < (order[index - 1] ?? 0)))
            violations.push({ id, field, written, order })
        }
      return violations
    },
  }))
  expect(checks).toBeGreaterThan(1_000)
})

test('WEB-105 writes follow reads: a change names the version it was made on, and only the fields it changes', async () => {
  const theirs = { ...milk, title: 'Their milk', updated_at: sampleTask(5).updated_at }
  const { store, sent, changes, settled } = await setUpStore([
    { ...theirs, completed: true, updated_at: sampleTask(6).updated_at },
  ])
  changes.push({ tasks: [{ ...theirs, deleted_at: null }], next_since: 'a', has_more: false })
  await store.sync()
  store.change(milk, { completed: true })
  await settled()
  expect(sent).toMatchObject([{ version: theirs.updated_at }])
  expect(sent[0]?.action).toEqual({ kind: 'change', fields: { completed: true } })
})

test('WEB-105 writes follow reads: a change that follows another on its task waits for the version that one made', async () => {
  const renamed = { ...milk, title: 'Oat milk', updated_at: sampleTask(5).updated_at }
  const { store, sent, waits, settled } = await setUpStore([failedPush(503), renamed, milk], {
    pause: neverEnding,
  })
  store.change(milk, { title: 'Oat milk' })
  while (waits.length === 0) await Promise.resolve()
  store.change(milk, { completed: true })
  await settled()
  expect(sent.map(({ version }) => version)).toEqual([milk.updated_at, milk.updated_at, renamed.updated_at])
})
