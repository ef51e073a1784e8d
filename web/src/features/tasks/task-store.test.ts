import { expect, test, vi } from 'vitest'
import type { Task, TaskChanges, TaskPage } from '#contract/task.ts'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { sharedDevice } from '../../../../tests/support/shared-device.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { Operation } from './operation.ts'
import { createTaskStore } from './task-store.ts'

const milk = sampleTask(1, { title: 'Milk' })
const problem = (status: number, more: Partial<ApiProblem> = {}) =>
  new ApiProblem({ code: 'unreadable', status, title: 'No', detail: 'Not now.', ...more })

type Answer = Task | undefined | ApiProblem

/** A store whose server answers each send with the next of `answers`; a problem is thrown. */
async function setUp(answers: Answer[], { first = page([milk]), device = newDevice(), pause = soon } = {}) {
  const sent: Operation[] = []
  const waits: number[] = []
  const asked: (string | undefined)[] = []
  const changes: (TaskChanges | ApiProblem)[] = []
  const tab = device.open()
  const onUnsaved = vi.fn<() => void>()
  const store = createTaskStore({
    device: tab,
    onUnsaved,
    server: {
      readPage: () => Promise.reject(problem(503)),
      readChanges: async (since) => {
        asked.push(since)
        const answer = changes.shift() ?? { tasks: [], next_since: 'now', has_more: false }
        if (answer instanceof ApiProblem) throw answer
        return answer
      },
      send: async (operation) => {
        sent.push(operation)
        const answer = answers.length > 0 ? answers.shift() : milk
        if (answer instanceof ApiProblem) throw answer
        return answer
      },
    },
    pause: (ms) => {
      waits.push(ms)
      return pause()
    },
    now: () => 0,
  })
  await store.load(first)
  const settled = () => vi.waitFor(() => expect(store.getSnapshot()).toMatchObject({ unsent: 0, safe: true }))
  const titles = () => store.getSnapshot().tasks.map((task) => task.title)
  return { store, device, tab, onUnsaved, sent, waits, asked, changes, settled, titles }
}

const soon = (): Promise<void> => Promise.resolve()
const never = (): Promise<void> => new Promise(() => {})

const newDevice = () => sharedDevice(() => Promise.resolve())

function page(tasks: Task[], next_cursor: string | null = null): TaskPage {
  return { tasks, next_cursor }
}

test('WEB-12 a new task is on top before the server has heard of it, even when the clock is wrong', async () => {
  const { store, titles } = await setUp([])
  store.add('Bread')
  store.add('Salt')
  expect(titles()).toEqual(['Salt', 'Bread', 'Milk'])
  expect(store.getSnapshot().unsent).toBe(2)
})

test('WEB-14 operations are sent one after another, as they were done', async () => {
  const [bread, salt] = [sampleTask(2), sampleTask(3)]
  const { store, sent, settled } = await setUp([milk, bread, undefined], { first: page([salt, bread, milk]) })
  store.change(milk, { completed: true })
  store.change(bread, { title: 'Rye bread' })
  store.remove(salt)
  await settled()
  expect(sent.map(({ action, task_id }) => [action.kind, task_id])).toEqual([
    ['change', milk.id],
    ['change', bread.id],
    ['delete', salt.id],
  ])
})

test('WEB-15 nothing is lost while the server is away, and it is asked when it wants to be', async () => {
  const { store, sent, waits, settled, titles } = await setUp([
    problem(0),
    problem(503, { retry_after: 3 }),
    problem(429, { retry_after: 5 }),
  ])
  store.change(milk, { completed: true })
  await settled()
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  expect(sent).toHaveLength(4)
  expect(waits.slice(1)).toEqual([3_000, 5_000])
  expect(titles()).toEqual(['Milk'])
  expect(store.getSnapshot().trouble).toBeUndefined()
})

test('WEB-15 what waits for its next try goes at once when there is more to do, or the person is back', async () => {
  const { store, sent, waits, settled } = await setUp([problem(0), problem(503), problem(503)], {
    pause: never,
  })
  store.change(milk, { completed: true })
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  store.add('Bread')
  await vi.waitFor(() => expect(waits).toHaveLength(2))
  store.wake()
  await vi.waitFor(() => expect(waits).toHaveLength(3))
  expect(sent).toHaveLength(3)
  store.wake()
  await settled()
})

test('WEB-15 a refused change that is to be tried again does not wait for another one', async () => {
  const other = sampleTask(2, { title: 'Bread' })
  const { store, waits, settled } = await setUp([problem(400), problem(0), milk, other], {
    first: page([other, milk]),
    pause: never,
  })
  store.change(milk, { title: 'Oat milk' })
  store.change(other, { completed: true })
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  store.retry(store.getSnapshot().refusals[0]?.operation.key ?? '')
  await settled()
})

test('WEB-37 a tab that waits for its next try keeps no other from sending', async () => {
  const asleep = await setUp([problem(503)], { pause: never })
  asleep.store.change(milk, { completed: true })
  await vi.waitFor(() => expect(asleep.waits).toHaveLength(1))
  const { store, sent, settled } = await setUp([], { device: asleep.device })
  await settled()
  store.add('Bread')
  await settled()
  expect(sent.map(({ action }) => action.kind)).toEqual(['change', 'create'])
})

test('WEB-15 what one tab was told to wait for, another waits for too', async () => {
  const [answers, device] = [[problem(429, { retry_after: 7 })], newDevice()]
  const first = await setUp(answers, { device, pause: never })
  const second = await setUp(answers, { device, pause: never })
  first.store.add('Bread')
  await vi.waitFor(() => expect([...first.waits, ...second.waits]).toEqual([7_000, 7_000]))
  expect([...first.sent, ...second.sent]).toHaveLength(1)
})

test('WEB-15 a tab rests anew after what another has tried, unless there is reason not to', async () => {
  const [answers, device] = [Array.from({ length: 9 }, () => problem(503)), newDevice()]
  const first = await setUp(answers, { device, pause: never })
  const ends: (() => void)[] = []
  const pause = () => new Promise<void>((resolve) => void ends.push(resolve))
  const second = await setUp(answers, { device, pause })
  const tries = () => first.sent.length + second.sent.length
  first.store.add('Bread')
  await vi.waitFor(() => expect(second.waits).toHaveLength(1))
  first.store.wake()
  await vi.waitFor(() => expect(first.waits).toHaveLength(2))
  ends.pop()?.()
  await vi.waitFor(() => expect(second.waits).toHaveLength(2))
  first.store.wake()
  await vi.waitFor(() => expect(first.waits).toHaveLength(3))
  expect(tries()).toBe(3)
  second.store.wake()
  await vi.waitFor(() => expect(tries()).toBe(4))
})

test('WEB-15 a lock that the browser refuses is asked for again', async () => {
  const device = newDevice()
  const tab = device.open()
  const locks = vi.spyOn(tab, 'alone').mockRejectedValueOnce(new Error('not now'))
  const { store, waits, settled } = await setUp([], { device: { ...device, open: () => tab } })
  store.change(milk, { completed: true })
  await settled()
  expect(locks).toHaveBeenCalledTimes(2)
  expect(waits).toHaveLength(1)
})

test('WEB-16 a refused operation stays, what follows on that task waits, and the rest goes on', async () => {
  const other = sampleTask(2, { title: 'Bread' })
  const { store, sent, settled, titles } = await setUp([problem(400), other, milk, milk], {
    first: page([other, milk]),
  })
  store.change(milk, { title: 'Oat milk' })
  await vi.waitFor(() => expect(store.getSnapshot().refusals).toHaveLength(1))
  store.change(milk, { completed: true })
  store.change(other, { completed: true })
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  const [refusal] = store.getSnapshot().refusals
  expect(refusal).toMatchObject({ operation: { title: 'Milk' }, problem: { detail: 'Not now.' } })
  expect(titles()).toEqual(['Bread', 'Oat milk'])

  store.retry(refusal?.operation.key ?? '')
  await settled()
  expect(sent.slice(2).map(({ action }) => action)).toMatchObject([
    { fields: { title: 'Oat milk' } },
    { fields: { completed: true } },
  ])
  expect(store.getSnapshot().refusals).toEqual([])
})

test('WEB-16 to discard a refused task is to drop all that was done to it', async () => {
  const { store, sent, titles } = await setUp([problem(409)])
  store.add('Bread')
  await vi.waitFor(() => expect(store.getSnapshot().refusals).toHaveLength(1))
  const bread = store.getSnapshot().tasks[0] as Task
  store.change(bread, { completed: true })
  await vi.waitFor(() => expect(store.getSnapshot().safe).toBe(true))
  store.discard(store.getSnapshot().refusals[0]?.operation.key ?? '')
  await vi.waitFor(() => expect(titles()).toEqual(['Milk']))
  expect(store.getSnapshot().unsent).toBe(0)
  expect(sent).toHaveLength(1)
})

test('WEB-17 undo brings a deleted task back as it was', async () => {
  const bread = sampleTask(2)
  const restored = { ...milk, updated_at: sampleTask(9).updated_at }
  const { store, settled } = await setUp([undefined, restored], { first: page([bread, milk]) })
  store.remove(milk)
  expect(store.getSnapshot().tasks).toEqual([bread])
  await settled()
  store.restore(milk)
  expect(store.getSnapshot().tasks).toEqual([bread, milk])
  await settled()
  expect(store.getSnapshot().tasks).toEqual([bread, restored])
})

test('WEB-20 the rest of the list is read from the feed of changes, which is then followed', async () => {
  const [young, old] = [sampleTask(2), sampleTask(1)]
  const { store, asked, changes } = await setUp([], { first: page([young], 'more') })
  expect(asked).toEqual([undefined])
  const tasks = [{ ...old, deleted_at: null }]
  changes.push({ tasks, next_since: 'a', has_more: true }, { tasks: [], next_since: 'b', has_more: false })
  await store.sync()
  await store.sync()
  expect(asked).toEqual([undefined, 'now', 'a', 'b'])
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [young, old] })
})

test('WEB-20 what was read early never hides what was answered late', async () => {
  const { store, changes, settled, titles } = await setUp([
    { ...milk, title: 'Oat milk', updated_at: sampleTask(9).updated_at },
  ])
  store.change(milk, { title: 'Oat milk' })
  await settled()
  changes.push({ tasks: [{ ...milk, deleted_at: null }], next_since: 'a', has_more: false })
  await store.sync()
  expect(titles()).toEqual(['Oat milk'])
})

test('WEB-21 tasks that came with the page are there without a call', async () => {
  const { store } = await setUp([])
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [milk] })
})

test('WEB-22 a list that cannot be read to its end keeps what it has, and says why', async () => {
  const { store, changes } = await setUp([])
  changes.push(problem(503))
  await store.sync()
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [milk], readProblem: { status: 503 } })
})

test('WEB-38 a later visit begins with what the device has, before anything is asked', async () => {
  const { store, device } = await setUp([])
  await store.save()
  const ask = vi.fn<(since?: unknown) => Promise<never>>(() => new Promise(() => {}))
  const later = createTaskStore({
    device: device.open(),
    server: { readPage: ask, readChanges: ask, send: ask },
    pause: () => Promise.resolve(),
  })
  void later.load()
  await vi.waitFor(() => expect(later.getSnapshot()).toMatchObject({ complete: true, tasks: [milk] }))
  await vi.waitFor(() => expect(ask).toHaveBeenCalledExactlyOnceWith('now'))
})

test('WEB-39 a change made to an older version is made to the newer one, where it touches nothing else', async () => {
  const theirs = { ...milk, title: 'Their milk', updated_at: sampleTask(5).updated_at }
  const { store, sent, settled } = await setUp([
    problem(412, { task: theirs }),
    { ...theirs, completed: true, updated_at: sampleTask(6).updated_at },
  ])
  store.change(milk, { completed: true })
  await settled()
  expect(sent.map(({ version }) => version)).toEqual([milk.updated_at, theirs.updated_at])
  expect(store.getSnapshot().tasks).toMatchObject([{ title: 'Their milk', completed: true }])
})

test('WEB-40 what is not on the device yet says so, until it is', async () => {
  const { store, settled } = await setUp([])
  store.add('Bread')
  expect(store.getSnapshot().safe).toBe(false)
  await settled()
})

test('WEB-40 what the device does not take is sent from the page, which is not left unasked meanwhile', async () => {
  const { store, tab, sent, waits, settled } = await setUp([problem(503)], { pause: never })
  tab.fail(true)
  store.add('Bread')
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  expect(store.getSnapshot()).toMatchObject({ unsent: 1, safe: false })
  tab.fail(false)
  store.change(store.getSnapshot().tasks[0] as Task, { completed: true })
  await settled()
  expect(sent.map(({ action }) => action.kind)).toEqual(['create', 'create', 'change'])
})

test('WEB-40 what the device has and cannot mark waits for it, and holds up nothing else', async () => {
  const { store, tab, sent, waits, settled } = await setUp([problem(503)], { pause: never })
  store.change(milk, { title: 'Oat milk' })
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  tab.fail(true)
  store.change(milk, { completed: true })
  store.add('Bread')
  await vi.waitFor(() => expect(store.getSnapshot()).toMatchObject({ unsent: 2, safe: false }))
  await vi.waitFor(() => expect(waits.at(-1)).toBe(10_000))
  tab.fail(false)
  store.wake()
  await settled()
  expect(sent.map(({ action }) => action)).toMatchObject([
    { fields: { title: 'Oat milk' } },
    { kind: 'create' },
    { fields: { title: 'Oat milk' } },
    { fields: { completed: true } },
  ])
})

test('WEB-40 what the device has lost is not looked for without end', async () => {
  const { store, device, tab, waits } = await setUp([problem(503)], { pause: never })
  const changes = vi.spyOn(tab, 'change')
  store.change(milk, { title: 'Oat milk' })
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  delete device.kept.outbox
  changes.mockClear()
  store.wake()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(changes.mock.calls.length).toBeLessThan(5)
})

test('WEB-43 the list is saved when the server told something, not at each step of what is unsent', async () => {
  const { store, onUnsaved, waits, settled } = await setUp(
    [problem(503), { ...milk, updated_at: sampleTask(9).updated_at }],
    { pause: never },
  )
  onUnsaved.mockClear()
  store.change(milk, { completed: true })
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  expect(onUnsaved).not.toHaveBeenCalled()
  store.wake()
  await settled()
  expect(onUnsaved).toHaveBeenCalledOnce()
})

test('WEB-43 one tick of ten thousand tasks leaves all others as they are', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => sampleTask(10_000 - index))
  const { store } = await setUp([], { first: page(many) })
  const before = store.getSnapshot().tasks
  const ticked = before[7_000] as Task
  store.change(ticked, { completed: true })
  const after = store.getSnapshot()
  expect(after).toMatchObject({ done: 1 })
  expect(after.tasks.filter((task, index) => task !== before[index])).toEqual([
    { ...ticked, completed: true },
  ])
})
