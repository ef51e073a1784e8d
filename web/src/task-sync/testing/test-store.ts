import { expect, vi } from 'vitest'
import type { Task, TaskChanges, TaskPage } from '#contract/task.ts'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { Operation } from '../operation.ts'
import { createTaskStore } from '../task-store.ts'
import { eventually } from './eventually.ts'
import { fakeStorage } from './fake-storage.ts'

/** The task that is in the list from the start. */
export const milk = sampleTask(1, { title: 'Milk' })

/** The problem of a failed push. */
export const failedPush = (status: number, more: Partial<ApiProblem> = {}) =>
  new ApiProblem({ code: 'unreadable', status, title: 'No', detail: 'Not now.', ...more })

type PushAnswer = Task | undefined | Error

/** Creates a store whose server answers each push with the next of `answers`; an error is thrown. */
export async function setUpStore(
  answers: PushAnswer[],
  { first = taskPage([milk]), device = newDevice(), pause = soon } = {},
) {
  const sent: Operation[] = []
  const waits: number[] = []
  /** Cursors that the changes feed was read from. */
  const cursors: (string | undefined)[] = []
  const changes: (TaskChanges | Error)[] = []
  const storage = device.open()
  const store = createTaskStore({
    userId: milk.user_id,
    storage,
    remote: {
      readPage: () => Promise.reject(failedPush(503)),
      readChanges: async (since) => {
        cursors.push(since)
        const answer = changes.shift() ?? { tasks: [], next_since: 'now', has_more: false }
        if (answer instanceof Error) throw answer
        return answer
      },
      send: async (operation) => {
        sent.push(operation)
        const answer = answers.length > 0 ? answers.shift() : milk
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    pause: (ms) => {
      waits.push(ms)
      return pause()
    },
    now: () => 0,
  })
  const onUnsaved = vi.fn<() => void>()
  store.onUnsaved(onUnsaved)
  await store.load(first)
  const settled = () =>
    eventually(() => expect(store.getSnapshot()).toMatchObject({ unsent: 0, persisted: true }))
  const titles = () => store.getSnapshot().tasks.map((task) => task.title)
  return { store, device, storage, onUnsaved, sent, waits, cursors, changes, settled, titles }
}

const soon = (): Promise<void> => Promise.resolve()
/** A pause that ends only when the store is woken. */
export const neverEnding = (): Promise<void> => new Promise(() => {})

export const newDevice = () => fakeStorage(() => Promise.resolve())

export function taskPage(tasks: Task[], next_cursor: string | null = null): TaskPage {
  return { tasks, next_cursor }
}
