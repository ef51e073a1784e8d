import type { Task } from '#contract/task.ts'
import type { ProblemFields } from '../lib/problem.ts'

/** The fields of a task that a person changes. */
export type TaskFields = Partial<Pick<Task, 'title' | 'description' | 'completed'>>

/** What a person did to a task. Each can be sent twice and be done once. */
export type Action =
  | { kind: 'create'; task: Task }
  | { kind: 'change'; fields: TaskFields }
  | { kind: 'delete' }
  | { kind: 'restore'; task: Task }

/** An action on its way to the server. Kept on the device as it is, so it holds plain data only. */
export interface Operation {
  key: string
  task_id: string
  /** The title when it was done, to name the task by if the server refuses. */
  title: string
  action: Action
  /** `updated_at` of the task it was done to; undefined while the server has not told of that task. */
  version: string | undefined
  /** How often it was sent. Once it was, the server may have done it, so nothing is merged into it any more. */
  tries: number
  /** Why the last try failed. */
  problem?: ProblemFields | undefined
  /** The server would not do it: it waits for the person to decide. */
  refused?: boolean
}

/** The task after `action`; undefined where there is none. */
export function applyAction(task: Task | undefined, action: Action): Task | undefined {
  switch (action.kind) {
    case 'create':
    case 'restore':
      return task ?? action.task
    case 'change':
      return task && { ...task, ...action.fields }
    case 'delete':
      return undefined
  }
}
