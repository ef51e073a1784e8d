import type { Task } from '#contract/task.ts'
import type { Replica } from './replica.ts'
import type { Operation } from './operation.ts'
import { project, projectTask, withTask } from './project.ts'

/** Tasks from which on it is cheaper to put the whole list in order than to put each in its place. */
const MANY = 200

interface Ways {
  base: Replica
  operations: () => readonly Operation[]
}

/** The list as it is shown, kept up slot by slot, so that a tick costs the same in a list of ten and of ten thousand. */
export function createTaskList({ base, operations }: Ways) {
  let shown = new Map<string, Task>()
  let tasks: readonly Task[] = []
  let done = 0

  function patch(id: string): void {
    const before = shown.get(id)
    const after = projectTask(base.tasks, operations(), id)
    if (before === after || (before && after && isSame(before, after))) return
    tasks = withTask(tasks, before, after)
    done += Number(after?.completed ?? false) - Number(before?.completed ?? false)
    if (after) shown.set(id, after)
    else shown.delete(id)
  }

  return {
    tasks: () => tasks,
    done: () => done,
    has: (id: string): boolean => shown.has(id),
    /** Come up to the base and operations of now, in the slots of `ids` or in all. */
    refresh(ids: readonly string[] | undefined): void {
      if (ids && ids.length <= MANY) return new Set(ids).forEach(patch)
      tasks = project(base.tasks, operations())
      shown = new Map(tasks.map((task) => [task.id, task]))
      done = tasks.reduce((count, { completed }) => count + Number(completed), 0)
    },
  }
}

const isSame = (a: Task, b: Task): boolean =>
  (Object.keys(a) as (keyof Task)[]).every((field) => a[field] === b[field])
