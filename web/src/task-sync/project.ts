import type { Task } from '#contract/task.ts'
import { applyAction, type ListedTask, type Operation } from './operation.ts'

/**
 * Compares by the order of the list: newest first, and by id where times are equal, as the API pages it. A task that the
 * server has not acknowledged is newer than all that it has, whatever this device's clock says.
 */
export function byNewest(a: ListedTask, b: ListedTask): number {
  if (a.unacknowledged !== b.unacknowledged) return a.unacknowledged ? -1 : 1
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1
  if (a.id !== b.id) return a.id < b.id ? 1 : -1
  return 0
}

/** Returns the list as the user sees it: the replica's tasks with the operations applied (optimistic updates), in order. */
export function project(
  replica: ReadonlyMap<string, Task>,
  operations: readonly Operation[],
): readonly ListedTask[] {
  const view = new Map<string, ListedTask>(replica)
  for (const { task_id, action } of operations) {
    const task = applyAction(view.get(task_id), action)
    if (task) view.set(task_id, task)
    else view.delete(task_id)
  }
  return [...view.values()].sort(byNewest)
}

/** Returns one task as the user sees it: `project` for a single id. */
export function projectTask(
  replica: ReadonlyMap<string, Task>,
  operations: readonly Operation[],
  id: string,
): ListedTask | undefined {
  let task: ListedTask | undefined = replica.get(id)
  for (const { task_id, action } of operations) if (task_id === id) task = applyAction(task, action)
  return task
}

/** Returns an ordered list with `before` replaced by `after`. Compares O(log n) tasks. */
export function replaceTask(
  tasks: readonly ListedTask[],
  before: ListedTask | undefined,
  after: ListedTask | undefined,
): readonly ListedTask[] {
  if (!before) return after ? tasks.toSpliced(insertionIndex(tasks, after), 0, after) : tasks
  const index = insertionIndex(tasks, before)
  if (after && byNewest(before, after) === 0) return tasks.with(index, after)
  const others = tasks.toSpliced(index, 1)
  if (after) others.splice(insertionIndex(others, after), 0, after)
  return others
}

/** Returns the index at which `task` is, or belongs, in an ordered list (binary search). */
function insertionIndex(tasks: readonly ListedTask[], task: ListedTask): number {
  let low = 0
  let high = tasks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = tasks[middle]
    if (other && byNewest(other, task) < 0) low = middle + 1
    else high = middle
  }
  return low
}
