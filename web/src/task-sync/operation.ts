import type { Task, TaskPatch } from '#contract/task.ts'
import type { ProblemFields } from '../lib/problem.ts'

/** A task as the list shows it. */
export interface ListedTask extends Task {
  /** Set until the server has acknowledged the create; until then the times are a guess of this device. */
  unacknowledged?: true
}

/** A change by the user. Each kind can be pushed twice with the effect of once. */
export type Action =
  | { kind: 'create'; task: Task }
  | { kind: 'change'; fields: TaskPatch }
  | { kind: 'delete' }
  | { kind: 'restore'; task: ListedTask }

/** An action that the server has not acknowledged. It is stored on devices in this form: renaming a field loses data. */
export interface Operation {
  key: string
  task_id: string
  /** The task's title when the action was taken, to name the task by if the server refuses. */
  title: string
  action: Action
  /** `updated_at` of the task that the action was taken on; undefined while the server has not acknowledged the task. */
  version: string | undefined
  /** How often it was pushed. After the first time the server may have carried it out, so nothing is coalesced into it. */
  tries: number
  /** Why the last push failed. */
  problem?: ProblemFields | undefined
  /** Whether the server rejected it for good, so that the user has to decide. */
  refused?: boolean
}

/** Returns the task after `action`; undefined when there is none. */
export function applyAction(task: ListedTask | undefined, action: Action): ListedTask | undefined {
  switch (action.kind) {
    case 'create':
      return task ?? { ...action.task, unacknowledged: true }
    case 'restore':
      return task ?? action.task
    case 'change':
      return task && { ...task, ...action.fields }
    case 'delete':
      return undefined
  }
}
