import type { Task } from '#contract/task.ts'

/** The fields of a task that are edited as text. */
export interface TaskText {
  title?: string
  description?: string | null
}

/** What a person did to a task. Each can be sent twice and be done once. */
export type Action =
  | { kind: 'create'; task: Task }
  | { kind: 'change'; text: TaskText }
  | { kind: 'complete'; completed: boolean }
  | { kind: 'delete' }
  | { kind: 'restore'; task: Task }

/** An action on its way to the server. */
export interface Operation {
  key: string
  task_id: string
  /** The title when it was done, to name the task by if the server refuses. */
  title: string
  action: Action
}

/** The task after `action`; undefined where there is none. */
export function applyAction(task: Task | undefined, action: Action): Task | undefined {
  switch (action.kind) {
    case 'create':
    case 'restore':
      return task ?? action.task
    case 'change':
      return task && { ...task, ...action.text }
    case 'complete':
      return task && { ...task, completed: action.completed }
    case 'delete':
      return undefined
  }
}
