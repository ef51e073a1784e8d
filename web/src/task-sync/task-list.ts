import type { Replica } from './replica.ts'
import type { ListedTask, Operation } from './operation.ts'
import { project, projectTask, replaceTask } from './project.ts'

/** With more changed tasks than this it is cheaper to order the whole list than to insert each. */
const MAX_SINGLE_UPDATES = 200

interface TaskListDeps {
  replica: Replica
  operations: () => readonly Operation[]
}

export type OrderedTasks = ReturnType<typeof createTaskList>

/** Creates the ordered list, updated task by task: a tick costs the same in a list of ten and of ten thousand. */
export function createTaskList({ replica, operations }: TaskListDeps) {
  let listed = new Map<string, ListedTask>()
  let tasks: readonly ListedTask[] = []
  let done = 0

  function refreshTask(id: string): void {
    const before = listed.get(id)
    const after = projectTask(replica.tasks, operations(), id)
    if (before === after || (before && after && isSameTask(before, after))) return
    tasks = replaceTask(tasks, before, after)
    done += Number(after?.completed ?? false) - Number(before?.completed ?? false)
    if (after) listed.set(id, after)
    else listed.delete(id)
  }

  return {
    tasks: () => tasks,
    /** How many of them are completed. */
    done: () => done,
    has: (id: string): boolean => listed.has(id),
    /** Brings the tasks with these ids, or all, up to date with the replica and the operations. */
    refresh(ids: readonly string[] | undefined): void {
      if (ids && ids.length <= MAX_SINGLE_UPDATES) return new Set(ids).forEach(refreshTask)
      tasks = project(replica.tasks, operations())
      listed = new Map(tasks.map((task) => [task.id, task]))
      done = tasks.reduce((count, { completed }) => count + Number(completed), 0)
    },
  }
}

function isSameTask(a: ListedTask, b: ListedTask): boolean {
  const fields = Object.keys({ ...a, ...b }) as (keyof ListedTask)[]
  return fields.every((field) => a[field] === b[field])
}
