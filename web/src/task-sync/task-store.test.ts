import { expect, test, vi } from 'vitest'
import type { Task } from '#contract/task.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { eventually } from './testing/eventually.ts'
import { milk, neverEnding, taskPage, failedPush, setUpStore } from './testing/test-store.ts'
import { createTaskStore } from './task-store.ts'

test('WEB-12 a new task is on top before the server has acknowledged it, even when the clock is wrong', async () => {
  const { store, titles } = await setUpStore([])
  store.add('Bread')
  store.add('Salt')
  expect(titles()).toEqual(['Salt', 'Bread', 'Milk'])
  expect(store.getSnapshot().unsent).toBe(2)
})

test('WEB-16 a refused operation stays and later ones on that task wait, while others go on', async () => {
  const other = sampleTask(2, { title: 'Bread' })
  const { store, sent, settled, titles } = await setUpStore([failedPush(400), other, milk, milk], {
    first: taskPage([other, milk]),
  })
  store.change(milk, { title: 'Oat milk' })
  await eventually(() => expect(store.getSnapshot().refusals).toHaveLength(1))
  store.change(milk, { completed: true })
  store.change(other, { completed: true })
  await eventually(() => expect(sent).toHaveLength(2))
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

test('WEB-16 discarding a refused create discards all operations on that task', async () => {
  const { store, sent, titles } = await setUpStore([failedPush(409)])
  store.add('Bread')
  await eventually(() => expect(store.getSnapshot().refusals).toHaveLength(1))
  const bread = store.getSnapshot().tasks[0] as Task
  store.change(bread, { completed: true })
  await eventually(() => expect(store.getSnapshot().persisted).toBe(true))
  store.discard(store.getSnapshot().refusals[0]?.operation.key ?? '')
  await eventually(() => expect(titles()).toEqual(['Milk']))
  expect(store.getSnapshot().unsent).toBe(0)
  expect(sent).toHaveLength(1)
})

test('WEB-17 Undo restores a deleted task as it was', async () => {
  const bread = sampleTask(2)
  const restored = { ...milk, updated_at: sampleTask(9).updated_at }
  const { store, settled } = await setUpStore([undefined, restored], { first: taskPage([bread, milk]) })
  store.remove(milk)
  expect(store.getSnapshot().tasks).toEqual([bread])
  await settled()
  store.restore(milk)
  expect(store.getSnapshot().tasks).toEqual([bread, milk])
  await settled()
  expect(store.getSnapshot().tasks).toEqual([bread, restored])
})

test('WEB-20 the list beyond the first page is read from the changes feed, which is then followed', async () => {
  const [young, old] = [sampleTask(2), sampleTask(1)]
  const { store, cursors, changes } = await setUpStore([], { first: taskPage([young], 'more') })
  expect(cursors).toEqual([undefined])
  const tasks = [{ ...old, deleted_at: null }]
  changes.push({ tasks, next_since: 'a', has_more: true }, { tasks: [], next_since: 'b', has_more: false })
  await store.sync()
  await store.sync()
  expect(cursors).toEqual([undefined, 'now', 'a', 'b'])
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [young, old] })
})

test('WEB-20 an older read never hides a newer answer', async () => {
  const { store, changes, settled, titles } = await setUpStore([
    { ...milk, title: 'Oat milk', updated_at: sampleTask(9).updated_at },
  ])
  store.change(milk, { title: 'Oat milk' })
  await settled()
  changes.push({ tasks: [{ ...milk, deleted_at: null }], next_since: 'a', has_more: false })
  await store.sync()
  expect(titles()).toEqual(['Oat milk'])
})

test('WEB-21 tasks that came with the document are shown without a call', async () => {
  const { store } = await setUpStore([])
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [milk] })
})

test('WEB-22 a list that cannot be read to its end shows what it has and says why', async () => {
  const { store, changes } = await setUpStore([])
  changes.push(failedPush(503))
  await store.sync()
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [milk], readProblem: { status: 503 } })
})

test('WEB-38 a later visit starts from the saved replica before any call', async () => {
  const { store, device } = await setUpStore([])
  await store.save()
  const call = vi.fn<(since?: unknown) => Promise<never>>(() => new Promise(() => {}))
  const later = createTaskStore({
    userId: milk.user_id,
    storage: device.open(),
    remote: { readPage: call, readChanges: call, send: call },
    pause: () => Promise.resolve(),
  })
  void later.load()
  await eventually(() => expect(later.getSnapshot()).toMatchObject({ complete: true, tasks: [milk] }))
  await eventually(() => expect(call).toHaveBeenCalledExactlyOnceWith('now'))
})

test('WEB-39 a change to an older version is rebased on the newer one and leaves its other fields alone', async () => {
  const theirs = { ...milk, title: 'Their milk', updated_at: sampleTask(5).updated_at }
  const { store, sent, settled } = await setUpStore([
    failedPush(412, { task: theirs }),
    { ...theirs, completed: true, updated_at: sampleTask(6).updated_at },
  ])
  store.change(milk, { completed: true })
  await settled()
  expect(sent.map(({ version }) => version)).toEqual([milk.updated_at, theirs.updated_at])
  expect(store.getSnapshot().tasks).toMatchObject([{ title: 'Their milk', completed: true }])
})

test('WEB-43 the replica is saved when it changed, not at each step of the outbox', async () => {
  const { store, onUnsaved, waits, settled } = await setUpStore(
    [failedPush(503), { ...milk, updated_at: sampleTask(9).updated_at }],
    { pause: neverEnding },
  )
  onUnsaved.mockClear()
  store.change(milk, { completed: true })
  await eventually(() => expect(waits).toHaveLength(1))
  expect(onUnsaved).not.toHaveBeenCalled()
  store.wake()
  await settled()
  expect(onUnsaved).toHaveBeenCalledOnce()
})

test('WEB-43 a tick in a list of ten thousand leaves all other tasks as they are', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => sampleTask(10_000 - index))
  const { store } = await setUpStore([], { first: taskPage(many) })
  const before = store.getSnapshot().tasks
  const ticked = before[7_000] as Task
  store.change(ticked, { completed: true })
  const after = store.getSnapshot()
  expect(after).toMatchObject({ done: 1 })
  expect(after.tasks.filter((task, index) => task !== before[index])).toEqual([
    { ...ticked, completed: true },
  ])
})

test('WEB-100 a pull that fails through a mistake of this page says so', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { store, changes } = await setUpStore([])
  const mistake = new TypeError('next_since is not a string')
  changes.push(mistake)
  await store.sync()
  expect(store.getSnapshot()).toMatchObject({ tasks: [milk], readProblem: { code: 'client-error' } })
  expect(log).toHaveBeenCalledExactlyOnceWith(mistake)
  log.mockRestore()
})
