import type { Task, TaskPage } from '#contract/task.ts'
import { ApiProblem, networkProblem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { emptyBase, withAnswer, withPage, type Base } from './base.ts'
import type { Action, Operation } from './operation.ts'
import { project } from './project.ts'
import { isTemporary, waitMs } from './retry.ts'

/** What the task list needs of the server; everything it throws is an ApiProblem. */
export interface TaskServer {
  /** The first page when there is no cursor, smaller than the rest so that it is there sooner. */
  readPage(cursor?: string): Promise<TaskPage>
  /** The task as it is afterwards; undefined when it is gone. */
  send(operation: Operation): Promise<Task | undefined>
}

/** An operation the server would not do; it stays, and is shown, until the person decides. */
export interface Refusal {
  operation: Operation
  problem: ApiProblem
}

export interface TaskSnapshot {
  tasks: readonly Task[]
  /** Whether every page has been read, so that counts are the whole truth. */
  complete: boolean
  /** Why the list could not be read to its end. */
  loadProblem: ApiProblem | undefined
  /** Operations without an answer, refused ones aside. */
  unsent: number
  /** Why sending waits. */
  trouble: ApiProblem | undefined
  refusals: readonly Refusal[]
}

interface Ways {
  server: TaskServer
  /** Resolves after that many milliseconds, or sooner when there is reason to try again. */
  pause: (ms: number) => Promise<void>
  now?: () => number
}

export type TaskStore = ReturnType<typeof createTaskStore>

/** Holds the task list: paints what is done at once, then sends it, one operation after another. */
export function createTaskStore({ server, pause, now = Date.now }: Ways) {
  let base: Base = emptyBase
  let operations: readonly Operation[] = []
  let refusals: readonly Refusal[] = []
  let state: Pick<TaskSnapshot, 'complete' | 'loadProblem' | 'trouble'> = {
    complete: false,
    loadProblem: undefined,
    trouble: undefined,
  }
  let snapshot = take()
  let sending = false
  const listeners = new Set<() => void>()

  function take(): TaskSnapshot {
    const tasks = project(base.tasks, operations)
    return { ...state, tasks, refusals, unsent: operations.length - refusals.length }
  }

  function publish(change: Partial<typeof state> = {}): void {
    state = { ...state, ...change }
    snapshot = take()
    for (const listener of listeners) listener()
  }

  const isRefused = ({ key }: Operation): boolean => refusals.some(({ operation }) => operation.key === key)

  /** The first operation that may go: what was done to a task after a refusal waits for the decision on that. */
  function nextToSend(): Operation | undefined {
    const held = new Set(refusals.map(({ operation }) => operation.task_id))
    return operations.find((operation) => !isRefused(operation) && !held.has(operation.task_id))
  }

  async function sendAll(): Promise<void> {
    if (sending) return
    sending = true
    let tries = 0
    for (let operation = nextToSend(); operation; operation = nextToSend()) {
      const { key, task_id } = operation
      try {
        const answer = await server.send(operation)
        base = withAnswer(base, task_id, answer)
        operations = operations.filter((other) => other.key !== key)
        tries = 0
        publish({ trouble: undefined })
      } catch (error) {
        const problem = problemFrom(error)
        if (isTemporary(problem)) {
          tries += 1
          publish({ trouble: problem })
          await pause(waitMs(tries, problem))
        } else {
          refusals = [...refusals, { operation, problem }]
          tries = 0
          publish({ trouble: undefined })
        }
      }
    }
    sending = false
  }

  function perform(task: Task, action: Action): void {
    operations = [...operations, { key: uuidv7(now()), task_id: task.id, title: task.title, action }]
    publish()
    void sendAll()
  }

  /** Read the list to its end, from `first` when that came with the page. */
  async function load(first?: TaskPage): Promise<void> {
    publish({ loadProblem: undefined, complete: false })
    try {
      let page = first ?? (await server.readPage())
      base = withPage(base, page.tasks)
      while (page.next_cursor) {
        publish()
        page = await server.readPage(page.next_cursor)
        base = withPage(base, page.tasks)
      }
      publish({ complete: true })
    } catch (error) {
      publish({ loadProblem: problemFrom(error) })
    }
  }

  /** A task of now, above all others even when this device's clock is behind. */
  function newTask(title: string): Task {
    const newest = Date.parse(snapshot.tasks[0]?.created_at ?? '') || 0
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
    load,
    add: (title: string): void => {
      const task = newTask(title)
      perform(task, { kind: 'create', task })
    },
    change: (task: Task, text: { title?: string; description?: string | null }): void =>
      perform(task, { kind: 'change', text }),
    complete: (task: Task, completed: boolean): void => perform(task, { kind: 'complete', completed }),
    remove: (task: Task): void => perform(task, { kind: 'delete' }),
    restore: (task: Task): void => perform(task, { kind: 'restore', task }),

    /** Send a refused operation once more. */
    retry: (key: string): void => {
      refusals = refusals.filter(({ operation }) => operation.key !== key)
      publish()
      void sendAll()
    },
    /** Give a refused operation up; without its create, nothing else that was done to a task makes sense. */
    discard: (key: string): void => {
      const refused = refusals.find(({ operation }) => operation.key === key)?.operation
      if (!refused) return
      const dropped = ({ key: other, task_id }: Operation): boolean =>
        other === key || (refused.action.kind === 'create' && task_id === refused.task_id)
      operations = operations.filter((operation) => !dropped(operation))
      refusals = refusals.filter(({ operation }) => !dropped(operation))
      publish()
      void sendAll()
    },
  }
}

function problemFrom(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : networkProblem(error)
}
