import { expect, test, vi } from 'vitest'
import type { Task, TaskPage } from '#contract/task.ts'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { Operation } from './operation.ts'
import { createTaskStore } from './task-store.ts'

const milk = sampleTask(1, { title: 'Milk' })
const problem = (status: number, retry_after?: number) =>
  new ApiProblem({ code: 'unreadable', status, title: 'No', detail: 'Not now.', retry_after })

/** A store whose server answers each send with the next of `answers`; a problem is thrown. */
async function setUp(answers: (Task | undefined | ApiProblem)[], first: TaskPage = page([milk])) {
  const sent: Operation[] = []
  const waits: number[] = []
  const store = createTaskStore({
    server: {
      readPage: () => Promise.reject(problem(503)),
      send: async (operation) => {
        sent.push(operation)
        const answer = answers.length > 0 ? answers.shift() : milk
        if (answer instanceof ApiProblem) throw answer
        return answer
      },
    },
    pause: async (ms) => void waits.push(ms),
    now: () => 0,
  })
  await store.load(first)
  const settled = () => vi.waitFor(() => expect(store.getSnapshot().unsent).toBe(0))
  const titles = () => store.getSnapshot().tasks.map((task) => task.title)
  return { store, sent, waits, settled, titles }
}

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
  const { store, sent, settled } = await setUp([])
  store.complete(milk, true)
  store.change(milk, { title: 'Oat milk' })
  store.remove(milk)
  expect(sent).toHaveLength(1)
  await settled()
  expect(sent.map(({ action }) => action.kind)).toEqual(['complete', 'change', 'delete'])
})

test('WEB-15 nothing is lost while the server is away, and it is asked when it wants to be', async () => {
  const { store, sent, waits, settled, titles } = await setUp([problem(0), problem(503, 3), problem(429, 5)])
  store.complete(milk, true)
  await settled()
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  expect(sent).toHaveLength(4)
  expect(waits.slice(1)).toEqual([3_000, 5_000])
  expect(titles()).toEqual(['Milk'])
  expect(store.getSnapshot().trouble).toBeUndefined()
})

test('WEB-16 a refused operation stays, what follows on that task waits, and the rest goes on', async () => {
  const other = sampleTask(2, { title: 'Bread' })
  const { store, sent, settled, titles } = await setUp([problem(400), other, milk, milk], page([other, milk]))
  store.change(milk, { title: 'Oat milk' })
  store.complete(milk, true)
  store.complete(other, true)
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  const [refusal] = store.getSnapshot().refusals
  expect(refusal).toMatchObject({ operation: { title: 'Milk' }, problem: { detail: 'Not now.' } })
  expect(titles()).toEqual(['Bread', 'Oat milk'])

  store.retry(refusal?.operation.key ?? '')
  await settled()
  expect(sent.slice(2).map(({ action }) => action.kind)).toEqual(['change', 'complete'])
  expect(store.getSnapshot().refusals).toEqual([])
})

test('WEB-16 to discard a refused task is to drop all that was done to it', async () => {
  const { store, sent, titles } = await setUp([problem(409)])
  store.add('Bread')
  const bread = store.getSnapshot().tasks[0]
  if (!bread) throw new Error('no task was added')
  store.complete(bread, true)
  await vi.waitFor(() => expect(store.getSnapshot().refusals).toHaveLength(1))
  store.discard(store.getSnapshot().refusals[0]?.operation.key ?? '')
  expect(titles()).toEqual(['Milk'])
  expect(store.getSnapshot().unsent).toBe(0)
  expect(sent).toHaveLength(1)
})

test('WEB-17 undo brings a deleted task back as it was', async () => {
  const bread = sampleTask(2)
  const { store, settled } = await setUp([undefined, milk], page([bread, milk]))
  store.remove(milk)
  expect(store.getSnapshot().tasks).toEqual([bread])
  store.restore(milk)
  expect(store.getSnapshot().tasks).toEqual([bread, milk])
  await settled()
  expect(store.getSnapshot().tasks).toEqual([bread, milk])
})

test('WEB-20 the rest of the list is read after the first page', async () => {
  const cursors: (string | undefined)[] = []
  const store = createTaskStore({
    server: {
      readPage: async (cursor) => {
        cursors.push(cursor)
        return cursor ? page([milk]) : page([sampleTask(2)], 'more')
      },
      send: () => expect.unreachable(),
    },
    pause: () => Promise.resolve(),
  })
  await store.load()
  expect(cursors).toEqual([undefined, 'more'])
  expect(store.getSnapshot()).toMatchObject({
    complete: true,
    tasks: [{ title: 'Task 2' }, { title: 'Milk' }],
  })
})

test('WEB-21 tasks that came with the page are there without a call', async () => {
  const { store } = await setUp([])
  expect(store.getSnapshot()).toMatchObject({ complete: true, tasks: [milk] })
})

test('WEB-22 a list that cannot be read to its end keeps what it has, and says why', async () => {
  const { store } = await setUp([], page([milk], 'more'))
  expect(store.getSnapshot()).toMatchObject({ complete: false, tasks: [milk], loadProblem: { status: 503 } })
})
