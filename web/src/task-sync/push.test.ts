import { expect, test, vi } from 'vitest'
import type { Task } from '#contract/task.ts'
import { unreadableProblem } from '../lib/problem.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import type { Operation } from './operation.ts'
import { eventually, nextTurn } from './testing/eventually.ts'
import { milk, neverEnding, newDevice, taskPage, failedPush, setUpStore } from './testing/test-store.ts'

test('WEB-14 operations are pushed one after another, in the order they were made', async () => {
  const [bread, salt] = [sampleTask(2), sampleTask(3)]
  const { store, sent, settled } = await setUpStore([milk, bread, undefined], {
    first: taskPage([salt, bread, milk]),
  })
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

test('WEB-15 nothing is lost while the server is down, and Retry-After is respected', async () => {
  const { store, sent, waits, settled, titles } = await setUpStore([
    failedPush(0),
    failedPush(503, { retry_after: 3 }),
    failedPush(429, { retry_after: 5 }),
  ])
  store.change(milk, { completed: true })
  await settled()
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  expect(sent).toHaveLength(4)
  expect(waits.slice(1)).toEqual([3_000, 5_000])
  expect(titles()).toEqual(['Milk'])
  expect(store.getSnapshot().pushProblem).toBeUndefined()
})

test('WEB-15 a backoff ends at once when there is another operation, or the user is back', async () => {
  const { store, sent, waits, settled } = await setUpStore(
    [failedPush(0), failedPush(503), failedPush(503)],
    {
      pause: neverEnding,
    },
  )
  store.change(milk, { completed: true })
  await eventually(() => expect(waits).toHaveLength(1))
  store.add('Bread')
  await eventually(() => expect(waits).toHaveLength(2))
  store.wake()
  await eventually(() => expect(waits).toHaveLength(3))
  expect(sent).toHaveLength(3)
  store.wake()
  await settled()
})

test('WEB-15 failures while offline do not count toward the backoff after it', async () => {
  const tunnel = Array.from({ length: 6 }, () => failedPush(0))
  const { store, waits, settled } = await setUpStore(
    [...tunnel, failedPush(0), failedPush(503), failedPush(503)],
    {
      pause: neverEnding,
    },
  )
  store.change(milk, { completed: true })
  for (let failed = 1; failed <= 9; failed++) {
    await eventually(() => expect(waits).toHaveLength(failed))
    store.wake()
  }
  await settled()
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_250)
})

test('WEB-15 retrying a refused operation does not wait for the backoff of another', async () => {
  const other = sampleTask(2, { title: 'Bread' })
  const { store, waits, settled } = await setUpStore([failedPush(400), failedPush(0), milk, other], {
    first: taskPage([other, milk]),
    pause: neverEnding,
  })
  store.change(milk, { title: 'Oat milk' })
  store.change(other, { completed: true })
  await eventually(() => expect(waits).toHaveLength(1))
  store.retry(store.getSnapshot().refusals[0]?.operation.key ?? '')
  await settled()
})

test('WEB-37 a tab in backoff does not stop another from pushing', async () => {
  const waiting = await setUpStore([failedPush(503)], { pause: neverEnding })
  waiting.store.change(milk, { completed: true })
  await eventually(() => expect(waiting.waits).toHaveLength(1))
  const { store, sent, settled } = await setUpStore([], { device: waiting.device })
  await settled()
  store.add('Bread')
  await settled()
  expect(sent.map(({ action }) => action.kind)).toEqual(['change', 'create'])
})

test('WEB-15 a Retry-After that one tab received holds for every tab', async () => {
  const [answers, device] = [[failedPush(429, { retry_after: 7 })], newDevice()]
  const first = await setUpStore(answers, { device, pause: neverEnding })
  const second = await setUpStore(answers, { device, pause: neverEnding })
  first.store.add('Bread')
  await eventually(() => expect([...first.waits, ...second.waits]).toEqual([7_000, 7_000]))
  expect([...first.sent, ...second.sent]).toHaveLength(1)
})

test('WEB-15 a tab backs off again after another tab’s attempt, unless it is woken', async () => {
  const [answers, device] = [Array.from({ length: 9 }, () => failedPush(503)), newDevice()]
  const first = await setUpStore(answers, { device, pause: neverEnding })
  const ends: (() => void)[] = []
  const pause = () => new Promise<void>((resolve) => void ends.push(resolve))
  const second = await setUpStore(answers, { device, pause })
  const attempts = () => first.sent.length + second.sent.length
  first.store.add('Bread')
  await eventually(() => expect(second.waits).toHaveLength(1))
  first.store.wake()
  await eventually(() => expect(first.waits).toHaveLength(2))
  ends.pop()?.()
  await eventually(() => expect(second.waits).toHaveLength(2))
  first.store.wake()
  await eventually(() => expect(first.waits).toHaveLength(3))
  expect(attempts()).toBe(3)
  second.store.wake()
  await eventually(() => expect(attempts()).toBe(4))
})

test('WEB-15 a lock that the browser refuses is requested again', async () => {
  const device = newDevice()
  const storage = device.open()
  const locks = vi.spyOn(storage, 'withLock').mockRejectedValueOnce(new Error('not now'))
  const { store, waits, settled } = await setUpStore([], { device: { ...device, open: () => storage } })
  store.change(milk, { completed: true })
  await settled()
  expect(locks).toHaveBeenCalledTimes(2)
  expect(waits).toHaveLength(1)
})

test('WEB-105 an operation that was stored after its task’s create was acknowledged is pushed with the version known', async () => {
  const device = newDevice()
  const removal = { key: 'k', task_id: milk.id, title: 'Milk', version: undefined, tries: 0 }
  const operations: Operation[] = [{ ...removal, action: { kind: 'delete' } }]
  device.stored.outbox = { revision: 3, operations, answers: [], saved: 0 }
  const { sent, settled } = await setUpStore([undefined], { device })
  await settled()
  expect(sent).toMatchObject([{ key: 'k', version: milk.updated_at }])
})

test('WEB-40 the page is not marked persisted until the device has stored the operation', async () => {
  const { store, settled } = await setUpStore([])
  store.add('Bread')
  expect(store.getSnapshot().persisted).toBe(false)
  await settled()
})

test('WEB-40 an operation that the device fails to store is pushed from the page, which is not marked persisted', async () => {
  const { store, storage, sent, waits, settled } = await setUpStore([failedPush(503)], { pause: neverEnding })
  storage.fail(true)
  store.add('Bread')
  await eventually(() => expect(waits).toHaveLength(1))
  expect(store.getSnapshot()).toMatchObject({ unsent: 1, persisted: false })
  storage.fail(false)
  store.change(store.getSnapshot().tasks[0] as Task, { completed: true })
  await settled()
  expect(sent.map(({ action }) => action.kind)).toEqual(['create', 'create', 'change'])
})

test('WEB-40 a stored operation that cannot be marked waits for the device and blocks nothing else', async () => {
  const { store, storage, sent, waits, settled } = await setUpStore([failedPush(503)], { pause: neverEnding })
  store.change(milk, { title: 'Oat milk' })
  await eventually(() => expect(waits).toHaveLength(1))
  storage.fail(true)
  store.change(milk, { completed: true })
  store.add('Bread')
  await eventually(() => expect(store.getSnapshot()).toMatchObject({ unsent: 2, persisted: false }))
  await eventually(() => expect(waits.at(-1)).toBe(10_000))
  storage.fail(false)
  store.wake()
  await settled()
  expect(sent.map(({ action }) => action)).toMatchObject([
    { fields: { title: 'Oat milk' } },
    { kind: 'create' },
    { fields: { title: 'Oat milk' } },
    { fields: { completed: true } },
  ])
})

test('WEB-40 an operation that the device has lost does not make the push loop spin', async () => {
  const { store, device, storage, waits } = await setUpStore([failedPush(503)], { pause: neverEnding })
  const changes = vi.spyOn(storage, 'updateOutbox')
  store.change(milk, { title: 'Oat milk' })
  await eventually(() => expect(waits).toHaveLength(1))
  delete device.stored.outbox
  changes.mockClear()
  store.wake()
  for (let turn = 0; turn < 20; turn++) await nextTurn()
  expect(changes.mock.calls.length).toBeLessThan(5)
})

test('WEB-100 an operation that fails through a mistake of this page is refused, logged and not retried', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const mistake = new TypeError("Cannot read properties of undefined (reading 'id')")
  const bread = sampleTask(2, { title: 'Bread' })
  const { store, sent, waits } = await setUpStore([mistake, bread, milk], { first: taskPage([bread, milk]) })
  store.change(milk, { completed: true })
  store.change(bread, { completed: true })
  await eventually(() => expect(store.getSnapshot()).toMatchObject({ unsent: 0, refusals: [{}] }))
  const [refusal] = store.getSnapshot().refusals
  expect(refusal?.problem).toMatchObject({ code: 'client-error', title: 'Something went wrong on this page' })
  expect(sent.map(({ task_id }) => task_id)).toEqual([milk.id, bread.id])
  expect(waits).toEqual([])
  expect(log).toHaveBeenCalledExactlyOnceWith(mistake)
  store.retry(refusal?.operation.key ?? '')
  await eventually(() => expect(store.getSnapshot()).toMatchObject({ refusals: [], unsent: 0 }))
  expect(sent).toHaveLength(3)
  log.mockRestore()
})

test('WEB-101 an operation whose answer cannot be read is retried with backoff, and says why meanwhile', async () => {
  const { store, sent, waits, settled } = await setUpStore([unreadableProblem(new SyntaxError('half'))], {
    pause: neverEnding,
  })
  store.change(milk, { completed: true })
  await eventually(() => expect(waits).toHaveLength(1))
  expect(store.getSnapshot()).toMatchObject({ unsent: 1, refusals: [], pushProblem: { code: 'unreadable' } })
  store.wake()
  await settled()
  expect(sent).toHaveLength(2)
})
