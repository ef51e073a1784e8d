import type { Task } from '#contract/task.ts'
import { applyAction, type Operation } from './operation.ts'

/** The server has not told of the task yet: it gives a new one its time, and its owner, on arrival. */
const isNew = ({ user_id }: Task): boolean => user_id === ''

/**
 * The order of the list: newest first, and by id where times are the same, as the API pages it. What the server has
 * yet to hear of is newer than all there is, whatever this device's clock says.
 */
export function byNewest(a: Task, b: Task): number {
  if (isNew(a) !== isNew(b)) return isNew(a) ? -1 : 1
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1
  if (a.id !== b.id) return a.id < b.id ? 1 : -1
  return 0
}

/** What the person sees: the tasks the server told of, in order, with the operations it has not answered yet. */
export function project(base: ReadonlyMap<string, Task>, operations: readonly Operation[]): readonly Task[] {
  const view = new Map(base)
  for (const { task_id, action } of operations) {
    const task = applyAction(view.get(task_id), action)
    if (task) view.set(task_id, task)
    else view.delete(task_id)
  }
  return [...view.values()].sort(byNewest)
}

/** One task as the person sees it: `project` for a single id. */
export function projectTask(
  base: ReadonlyMap<string, Task>,
  operations: readonly Operation[],
  id: string,
): Task | undefined {
  let task = base.get(id)
  for (const { task_id, action } of operations) if (task_id === id) task = applyAction(task, action)
  return task
}

/** The list, which is in order, with `after` in place of `before`. Compares a handful of tasks, however many there are. */
export function withTask(
  tasks: readonly Task[],
  before: Task | undefined,
  after: Task | undefined,
): readonly Task[] {
  const place = before && placeOf(tasks, before)
  if (place !== undefined && after && byNewest(before as Task, after) === 0) return tasks.with(place, after)
  const list = place === undefined ? [...tasks] : tasks.toSpliced(place, 1)
  if (after) list.splice(placeOf(list, after), 0, after)
  return list
}

/** Where `task` is, or belongs, in a list that is in order. */
function placeOf(tasks: readonly Task[], task: Task): number {
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
