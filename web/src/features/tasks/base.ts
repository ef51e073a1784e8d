import type { Task } from '#contract/task.ts'
import { byNewest } from './project.ts'

/** What the server has told of: its tasks in the order of the list, and the ids it has confirmed as deleted. */
export interface Base {
  tasks: readonly Task[]
  deleted: ReadonlySet<string>
}

export const emptyBase: Base = { tasks: [], deleted: new Set() }

/** Add a page of the list. It may have been read before an answer that came since, so the newer row stays. */
export function withPage({ tasks, deleted }: Base, page: readonly Task[]): Base {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  for (const task of page) {
    const known = byId.get(task.id)
    if (!deleted.has(task.id) && (!known || known.updated_at < task.updated_at)) byId.set(task.id, task)
  }
  return { tasks: [...byId.values()].sort(byNewest), deleted }
}

/** Take in the answer to an operation: the task as it now is, or that it is gone. */
export function withAnswer({ tasks, deleted }: Base, id: string, answer: Task | undefined): Base {
  const others = tasks.filter((task) => task.id !== id)
  const gone = new Set(deleted)
  if (answer) gone.delete(id)
  else gone.add(id)
  return { tasks: answer ? [...others, answer].sort(byNewest) : others, deleted: gone }
}
