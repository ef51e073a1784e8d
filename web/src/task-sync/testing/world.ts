import fc from 'fast-check'
import type { Task, TaskPatch } from '#contract/task.ts'
import { createTaskStore } from '../task-store.ts'
import { nextTurn } from './eventually.ts'
import { expectedState } from './expected-state.ts'
import { fakeServer, type RequestFate } from './fake-server.ts'
import { fakeStorage } from './fake-storage.ts'

const HOUR_MS = 3_600_000

/** One thing that happens, and how many events pass before the next. */
export type Step = typeof arbitraryStep extends fc.Arbitrary<infer Value> ? Value : never

const arbitraryStep = fc.record({
  tab: fc.constantFrom<0 | 1>(0, 1),
  /** Index of the task it happens to, modulo their number. */
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

export const arbitrarySteps = fc.array(arbitraryStep, { minLength: 4, maxLength: 24 })

/** What happens to one request after another. */
export const arbitraryFates = fc.infiniteStream(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<RequestFate>('delivered') },
    {
      weight: 5,
      arbitrary: fc.constantFrom<RequestFate>(
        'lost',
        'answer lost',
        'delivered twice',
        'repeated late',
        'busy',
        'refused',
      ),
    },
  ),
)

export type World = ReturnType<typeof createWorld>

/**
 * Creates a server and a device with two tabs whose clocks are wrong, one by an hour each way. What happens next is the
 * scheduler's choice, and what happens to a request that of `fates`, until the network is repaired.
 */
export function createWorld(scheduler: fc.Scheduler, fates: Iterator<RequestFate>) {
  let isNetworkFaulty = true
  const yieldPoint = (): Promise<void> => scheduler.schedule(Promise.resolve())
  const server = fakeServer(yieldPoint, () =>
    isNetworkFaulty ? (fates.next().value as RequestFate) : 'delivered',
  )
  const device = fakeStorage(yieldPoint)
  const expected = expectedState()
  const removed: [Task[], Task[]] = [[], []]

  function open(clockSkewMs: number, isReopened = false) {
    const storage = device.open()
    const store = createTaskStore({
      userId: server.userId,
      remote: server.api,
      storage,
      pause: yieldPoint,
      now: () => server.now() + clockSkewMs,
    })
    void store.load()
    const reopen = () => {
      storage.close()
      return open(clockSkewMs, true)
    }
    return { store, fail: storage.fail, reopen, isReopened }
  }
  type Tab = ReturnType<typeof open>
  const tabs: [Tab, Tab] = [open(-HOUR_MS), open(HOUR_MS)]

  /** Does what the step says, if it can be done. */
  function perform({ tab, at, act }: Step, index: number): void {
    const { store, fail, reopen } = tabs[tab]
    const { tasks, persisted } = store.getSnapshot()
    const by = act.endsWith('elsewhere') ? 'elsewhere' : tab
    const task = taskAt(by === 'elsewhere' ? server.list() : tasks, at)
    const fields = task && fieldsFor(act, task, index)
    if (act === 'add') {
      store.add(`Title ${index}`)
      expected.created(store.getSnapshot().tasks[0] as Task)
    } else if (fields) {
      expected.changed(task.id, by, fields)
      if (by === 'elsewhere') server.change(task.id, fields)
      else store.change(task, fields)
    } else if (act === 'remove' && task) {
      expected.removed(task.id, by)
      store.remove(task)
      removed[tab].push(task)
    } else if (act === 'restore') {
      const last = removed[tab].pop()
      if (!last) return
      expected.restored(last.id)
      store.restore(last)
    } else if (act === 'remove elsewhere' && task) {
      expected.removed(task.id, by)
      server.remove(task.id)
    }
    // The page asks before it is left while an operation is not stored.
    else if (act === 'reopen' && persisted) tabs[tab] = reopen()
    else if (act === 'sync') void store.sync()
    else if (act === 'save') void store.save()
    else if (act === 'fail' || act === 'heal') fail(act === 'fail')
  }

  /** Runs until nothing happens any more; a long chain of promises may schedule its next event a little later. */
  async function settle(): Promise<void> {
    do {
      await scheduler.waitIdle()
      await nextTurn()
    } while (scheduler.count() > 0)
  }

  /** Repairs network and device, then decides on refusals until none is left. */
  async function repair(): Promise<void> {
    isNetworkFaulty = false
    for (const { fail } of tabs) fail(false)
    for (let hasRefusals = true; hasRefusals;) {
      await settle()
      hasRefusals = false
      for (const { store } of tabs)
        for (const { operation, problem } of store.getSnapshot().refusals) {
          hasRefusals = true
          if (problem.status === 404) store.discard(operation.key)
          else store.retry(operation.key)
        }
    }
  }

  return {
    server,
    tabs,
    expected,
    settle,
    repair,
    /** Does one step after another, with the events between them; `afterEach` is called after each. */
    async run(steps: readonly Step[], afterEach: (step: Step) => void = () => {}): Promise<void> {
      for (const [index, step] of steps.entries()) {
        perform(step, index)
        afterEach(step)
        await scheduler.waitNext(Math.min(step.pass, scheduler.count()))
      }
    },
  }
}

const taskAt = (tasks: readonly Task[], at: number): Task | undefined => tasks[at % Math.max(1, tasks.length)]

/** Returns the change that an act makes to a task, if any; its texts occur in no other step. */
function fieldsFor(act: string, task: Task, index: number): TaskPatch | undefined {
  if (act.startsWith('rename')) return { title: `Title ${index}` }
  if (act.startsWith('describe')) return { description: `About ${index}` }
  return act.startsWith('tick') ? { completed: !task.completed } : undefined
}
