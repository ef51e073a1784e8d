import type { Task, TaskPage, TaskPatch } from '#contract/task.ts'
import { toProblem, type ProblemFields } from '../lib/problem.ts'
import { uuidv7 } from '../lib/uuid.ts'
import type { Action, ListedTask, Operation } from './operation.ts'
import { discardRefused, retryRefused } from './outbox.ts'
import { createPull } from './pull.ts'
import { createPush } from './push.ts'
import type { TaskRemote } from './remote.ts'
import { createSignal } from './signal.ts'
import type { SyncStorage } from './storage.ts'
import { createTabState, type TabState } from './tab-state.ts'
import { createTaskList, type OrderedTasks } from './task-list.ts'

/** An operation that the server rejected for good; it stays until the user decides. */
export interface Refusal {
  operation: Operation
  problem: ProblemFields
}

export interface TaskSnapshot {
  tasks: readonly ListedTask[]
  /** How many of them are completed. */
  done: number
  /** Whether all tasks are here, so that counts are right as far as this device knows. */
  complete: boolean
  /** Why the last pull failed. */
  readProblem: ProblemFields | undefined
  /** Operations that the server has not acknowledged, without refused ones. */
  unsent: number
  /** Whether all operations are stored on this device, so that the page may be closed. */
  persisted: boolean
  /** Why pushing waits. */
  pushProblem: ProblemFields | undefined
  refusals: readonly Refusal[]
}

interface TaskStoreDeps {
  /** The user whose tasks these are. */
  userId: string
  remote: TaskRemote
  storage: SyncStorage
  /** Resolves after that many milliseconds. */
  pause: (ms: number) => Promise<void>
  now?: () => number
}

export type TaskStore = ReturnType<typeof createTaskStore>

/** Creates the task list of one tab: shows each change at once, stores it on the device, then pushes it. */
export function createTaskStore({ userId, remote, storage, pause, now = Date.now }: TaskStoreDeps) {
  const tab = createTabState(storage)
  const list = createTaskList(tab)
  const { pushAll, wake } = createPush({ remote, storage, tab, pause })
  const { readFirstPage, readChanges } = createPull({ remote, tab, now })
  const published = createSignal<void>()
  let readProblem: ProblemFields | undefined
  let snapshot = takeSnapshot(tab, list, readProblem)

  tab.onChange((ids) => {
    list.refresh(ids)
    publish()
    // Every tab that knows of an operation queues for the lock: the tab that has it may be closed at any time.
    void pushAll()
  })

  function publish(): void {
    snapshot = takeSnapshot(tab, list, readProblem)
    published.emit()
  }

  /** Shows an action at once (optimistic update) and has it stored and pushed. */
  function perform({ id, title }: Task, action: Action): void {
    const version = tab.replica.tasks.get(id)?.updated_at
    tab.add({ key: uuidv7(now()), task_id: id, title, action, version, tries: 0 })
    wake()
  }

  /** Pulls; pushing needs no call. */
  async function sync(): Promise<void> {
    try {
      await readFirstPage()
      await readChanges()
      readProblem = undefined
    } catch (error) {
      readProblem = toProblem(error)
    }
    publish()
  }

  return {
    /** Calls `listener` on each new snapshot; returns a function that stops it. */
    subscribe: published.subscribe,
    getSnapshot: (): TaskSnapshot => snapshot,
    /** Emits when there is something to save. */
    onUnsaved: tab.onUnsaved,
    /** Emits when the user has logged out in another tab. */
    onLogout: tab.onLogout,
    /** How many operations would be lost with this page. */
    unpersistedCount: tab.unpersistedCount,
    /** Shows what the device has and the page of tasks that the document brought, then pulls. */
    load: async (first?: TaskPage): Promise<void> => {
      readProblem = undefined
      await Promise.all([tab.load(), first && readFirstPage(first)])
      wake()
      await sync()
    },
    sync,
    /** Saves the replica on the device, so that the next visit starts from it. */
    save: tab.save,
    /** Adds a task; returns its id. */
    add: (title: string): string => {
      const task = newTask({ userId, title, now: now(), newest: list.tasks()[0] })
      perform(task, { kind: 'create', task })
      return task.id
    },
    change: (task: Task, fields: TaskPatch): void => perform(task, { kind: 'change', fields }),
    remove: (task: Task): void => perform(task, { kind: 'delete' }),
    restore: (task: Task): void => {
      if (!list.has(task.id)) perform(task, { kind: 'restore', task })
    },
    /** Pushes at once what waits for its backoff. */
    wake,
    /** Pushes a refused operation again. */
    retry: (key: string): void => {
      void tab.commitFor(key, (outbox) => retryRefused(outbox, key))
      wake()
    },
    /** Gives up a refused operation. */
    discard: (key: string): void => void tab.commitFor(key, (outbox) => discardRefused(outbox, key)),
  }
}

function takeSnapshot(
  tab: TabState,
  list: OrderedTasks,
  readProblem: ProblemFields | undefined,
): TaskSnapshot {
  const operations = tab.coalescedOperations()
  const refusals = operations.flatMap((operation) =>
    operation.refused && operation.problem ? [{ operation, problem: operation.problem }] : [],
  )
  return {
    tasks: list.tasks(),
    done: list.done(),
    complete: tab.replica.cursor.complete,
    readProblem,
    unsent: operations.length - refusals.length,
    persisted: tab.unpersistedCount() === 0,
    pushProblem: operations.find(({ problem, refused }) => problem && !refused)?.problem,
    refusals,
  }
}

interface NewTaskOptions {
  userId: string
  title: string
  /** Milliseconds since the epoch. */
  now: number
  newest: Task | undefined
}

/** Returns a task that is newer than `newest`, even when this device's clock is slow. */
function newTask({ userId, title, now, newest }: NewTaskOptions): Task {
  const newestMs = Date.parse(newest?.created_at ?? '') || 0
  const time = new Date(Math.max(now, newestMs + 1)).toISOString()
  return {
    id: uuidv7(now),
    user_id: userId,
    title,
    description: null,
    completed: false,
    created_at: time,
    updated_at: time,
  }
}
