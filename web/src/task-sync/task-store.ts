import type { Task, TaskPage } from '#contract/task.ts'
import { toProblem, type ProblemFields } from '../lib/problem.ts'
import { uuidv7 } from '../lib/uuid.ts'
import { emptyReplica } from './replica.ts'
import type { SyncStorage } from './storage.ts'
import { createSharedOutbox } from './shared-outbox.ts'
import type { Action, Operation, TaskFields } from './operation.ts'
import { discarded, retried } from './outbox.ts'
import { createPull } from './pull.ts'
import { createPush } from './push.ts'
import type { TaskRemote } from './remote.ts'
import { createTaskList } from './task-list.ts'

/** An operation the server would not do; it stays, and is shown, until the person decides. */
export interface Refusal {
  operation: Operation
  problem: ProblemFields
}

export interface TaskSnapshot {
  tasks: readonly Task[]
  /** How many of them are done. */
  done: number
  /** Whether all tasks are here, so that counts are the whole truth as far as this device knows it. */
  complete: boolean
  /** Why the list could not be read, or brought up to date. */
  readProblem: ProblemFields | undefined
  /** Operations without an answer, refused ones aside. */
  unsent: number
  /** Whether everything done here is kept on this device, so that the page may be left. */
  safe: boolean
  /** Why sending waits. */
  trouble: ProblemFields | undefined
  refusals: readonly Refusal[]
}

interface Ways {
  server: TaskRemote
  device: SyncStorage
  /** Resolves after that many milliseconds. */
  pause: (ms: number) => Promise<void>
  /** Called, soon and often, when there is something to save. */
  onUnsaved?: () => void
  /** Called when the person has logged out in another tab. */
  onGone?: () => void
  now?: () => number
}

export type TaskStore = ReturnType<typeof createTaskStore>

/** Holds the task list: paints what is done at once, keeps it on the device, then sends it. */
export function createTaskStore({
  server,
  device,
  pause,
  onUnsaved = () => {},
  onGone = () => {},
  now = Date.now,
}: Ways) {
  const base = emptyReplica()
  const ledger = createSharedOutbox({ device, base, onChange: refresh, onUnsaved, onGone })
  const view = createTaskList({ base, operations: ledger.operations })
  const sender = createPush({ server, device, base, ledger, pause })
  const reader = createPull({ server, base, ledger, now })
  const listeners = new Set<() => void>()
  let readProblem: ProblemFields | undefined
  let snapshot = take()

  function take(): TaskSnapshot {
    const operations = ledger.operations()
    const refusals = operations.flatMap((operation) =>
      operation.refused && operation.problem ? [{ operation, problem: operation.problem }] : [],
    )
    return {
      tasks: view.tasks(),
      done: view.done(),
      complete: ledger.place().complete,
      readProblem,
      unsent: operations.length - refusals.length,
      safe: ledger.unkept() === 0,
      trouble: operations.find(({ problem, refused }) => problem && !refused)?.problem,
      refusals,
    }
  }

  function publish(): void {
    snapshot = take()
    for (const listener of listeners) listener()
  }

  /** Bring the view up to what is known: `ids` in their slots, or all of it. */
  function refresh(ids: readonly string[] | undefined): void {
    view.refresh(ids)
    publish()
    // Every tab that knows of something to send waits for its turn: the one that sends may be closed at any time.
    void sender.sendAll()
  }

  function perform({ id, title }: Task, action: Action): void {
    const version = base.tasks.get(id)?.updated_at
    void ledger.add({ key: uuidv7(now()), task_id: id, title, action, version, tries: 0 })
    sender.wake()
  }

  /** Read what is new; what is not sent is on its way by itself. */
  async function sync(): Promise<void> {
    try {
      await reader.readFirst()
      await reader.follow()
      readProblem = undefined
    } catch (error) {
      readProblem = toProblem(error)
    }
    publish()
  }

  /** Show what the device has and what came with the page, then bring it up to date. */
  async function load(first?: TaskPage): Promise<void> {
    readProblem = undefined
    await Promise.all([ledger.catchUp(), first && reader.readFirst(first)])
    sender.wake()
    await sync()
  }

  /** A task that the server has yet to hear of: without an owner, and later than all others of this device. */
  function newTask(title: string): Task {
    const newest = Date.parse(view.tasks()[0]?.created_at ?? '') || 0
    const time = new Date(Math.max(now(), newest + 1)).toISOString()
    const id = uuidv7(now())
    return { id, user_id: '', title, description: null, completed: false, created_at: time, updated_at: time }
  }

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: (): TaskSnapshot => snapshot,
    /** How many changes are in this page alone. */
    unkept: ledger.unkept,
    load,
    /** Bring the list up to date. */
    sync,
    /** Write to the device what the server told, so that the next visit begins with it. */
    save: ledger.save,
    /** Its id is answered. */
    add: (title: string): string => {
      const task = newTask(title)
      perform(task, { kind: 'create', task })
      return task.id
    },
    change: (task: Task, fields: TaskFields): void => perform(task, { kind: 'change', fields }),
    remove: (task: Task): void => perform(task, { kind: 'delete' }),
    restore: (task: Task): void => {
      if (!view.has(task.id)) perform(task, { kind: 'restore', task })
    },
    /** There is reason to try at once what waits to be sent. */
    wake: sender.wake,
    /** Send a refused operation once more. */
    retry: (key: string): void => {
      void ledger.commitFor(key, (outbox) => retried(outbox, key))
      sender.wake()
    },
    /** Give a refused operation up. */
    discard: (key: string): void => void ledger.commitFor(key, (outbox) => discarded(outbox, key)),
  }
}
