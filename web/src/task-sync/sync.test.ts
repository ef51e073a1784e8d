import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Task } from '#contract/task.ts'
import { expectedState, type Hand } from './testing/expected-state.ts'
import { fakeServer, type Fate } from './testing/fake-server.ts'
import { fakeStorage } from './testing/fake-storage.ts'
import type { TaskFields } from './operation.ts'
import { createTaskStore } from './task-store.ts'

const HOUR_MS = 3_600_000

const step = fc.record({
  tab: fc.constantFrom<0 | 1>(0, 1),
  /** Which task, of those there are. */
  at: fc.nat(20),
  act: fc.oneof(
    { weight: 3, arbitrary: fc.constant('add' as const) },
    { weight: 4, arbitrary: fc.constantFrom('rename' as const, 'describe' as const, 'tick' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'rename elsewhere' as const,
        'describe elsewhere' as const,
        'tick elsewhere' as const,
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom('remove' as const, 'restore' as const, 'remove elsewhere' as const),
    },
    { weight: 2, arbitrary: fc.constantFrom('reopen' as const, 'sync' as const, 'save' as const) },
    { weight: 1, arbitrary: fc.constantFrom('fail' as const, 'heal' as const) },
  ),
  /** Events before the next step. */
  pass: fc.nat(12),
})

const line = fc.infiniteStream(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>('well') },
    {
      weight: 5,
      arbitrary: fc.constantFrom<Fate>('lost', 'answer lost', 'twice', 'late again', 'busy', 'refused'),
    },
  ),
)

/** A server and a device with two tabs, whose clocks are wrong; what happens next is the scheduler's to say. */
function world(scheduler: fc.Scheduler, fate: () => Fate) {
  const turn = (): Promise<void> => scheduler.schedule(Promise.resolve())
  const server = fakeServer(turn, fate)
  const shared = fakeStorage(turn)
  const open = (skew: number) => {
    const device = shared.open()
    const now = () => server.now() + skew
    const store = createTaskStore({ server: server.api, device, pause: turn, now })
    void store.load()
    return { store, fail: device.fail, reopen: () => (device.close(), open(skew)) }
  }
  /** Until nothing happens any more; a long chain of promises may come to its next event a little later. */
  async function settle(): Promise<void> {
    do {
      await scheduler.waitIdle()
      await new Promise(setImmediate)
    } while (scheduler.count() > 0)
  }
  const tabs: [ReturnType<typeof open>, ReturnType<typeof open>] = [open(-HOUR_MS), open(HOUR_MS)]
  return { server, tabs, settle }
}

test('WEB-36 two tabs and a server end in the same list, nothing lost or doubled, whatever happens on the way', async () => {
  const run = fc.asyncProperty(
    fc.scheduler(),
    line,
    fc.array(step, { minLength: 4, maxLength: 24 }),
    async (scheduler, fates, steps) => {
      let faulty = true
      const { server, tabs, settle } = world(scheduler, () =>
        faulty ? (fates.next().value as Fate) : 'well',
      )
      const meant = expectedState()
      const trash: [Task[], Task[]] = [[], []]
      let hasFailed = false

      for (const [index, { tab, at, act, pass }] of steps.entries()) {
        const { store, fail } = tabs[tab]
        const { tasks, safe } = store.getSnapshot()
        const by = act.endsWith('elsewhere') ? 'elsewhere' : tab
        const task = pick(by === 'elsewhere' ? server.list() : tasks, at)
        const fields = task && fieldsFor(act, task, index)
        if (act === 'add') {
          store.add(`Title ${index}`)
          meant.created(store.getSnapshot().tasks[0] as Task)
        } else if (fields) {
          if (by === 'elsewhere') server.change(task.id, fields)
          else store.change(task, fields)
          meant.changed(task.id, by, fields)
        } else if (act === 'remove' && task) {
          store.remove(task)
          meant.removed(task.id, by)
          trash[tab].push(task)
        } else if (act === 'restore') {
          const last = trash[tab].pop()
          if (!last) continue
          store.restore(last)
          meant.restored(last.id)
        } else if (act === 'remove elsewhere' && task) {
          server.remove(task.id)
          meant.removed(task.id, by)
        }
        // What is not on the device yet keeps the page from being left.
        else if (act === 'reopen' && safe) tabs[tab] = tabs[tab].reopen()
        else if (act === 'sync') void store.sync()
        else if (act === 'save') void store.save()
        else if (act === 'fail' || act === 'heal') fail(act === 'fail')
        hasFailed ||= act === 'fail'
        await scheduler.waitNext(Math.min(pass, scheduler.count()))
      }

      faulty = false
      for (const { fail } of tabs) fail(false)
      for (let refusals = true; refusals;) {
        await settle()
        refusals = false
        for (const { store } of tabs)
          for (const { operation, problem } of store.getSnapshot().refusals) {
            refusals = true
            if (problem.status === 404) store.discard(operation.key)
            else store.retry(operation.key)
          }
      }

      // What this device did is in both tabs without another look at the server, whichever of them was closed.
      const isOurs = (hands: readonly Hand[]) => !hasFailed && !hands.includes('elsewhere')
      for (const { store } of tabs) expect(meant.amiss(store.getSnapshot().tasks, isOurs)).toEqual([])

      for (const { store } of tabs) void store.sync()
      await settle()

      const tasks = server.list()
      for (const { store } of tabs)
        expect(store.getSnapshot()).toMatchObject({
          tasks,
          unsent: 0,
          refusals: [],
          safe: true,
          complete: true,
        })
      expect(meant.amiss(tasks)).toEqual([])
      expect(server.rows.size).toBeLessThanOrEqual(meant.count())
    },
  )
  await fc.assert(run, { numRuns: 1_500, seed: 20_261_121, endOnFailure: true })
})

test('WEB-37 what two tabs know of is sent by one of them, once', async () => {
  const run = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const { server, tabs, settle } = world(scheduler, () => 'well')
    for (const title of ['One', 'Two', 'Three']) tabs[0].store.add(title)
    tabs[1].store.add('Four')
    await settle()
    expect(server.list()).toHaveLength(4)
    expect(server.sent()).toBe(4)
    for (const { store } of tabs) expect(store.getSnapshot().tasks).toEqual(server.list())
  })
  await fc.assert(run, { numRuns: 100, seed: 1 })
})

const pick = (tasks: readonly Task[], at: number): Task | undefined => tasks[at % Math.max(1, tasks.length)]

/** What an act makes of a task, if it changes one; texts are of this step alone. */
function fieldsFor(act: string, task: Task, index: number): TaskFields | undefined {
  if (act.startsWith('rename')) return { title: `Title ${index}` }
  if (act.startsWith('describe')) return { description: `About ${index}` }
  return act.startsWith('tick') ? { completed: !task.completed } : undefined
}
