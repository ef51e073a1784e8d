import type { Task } from '#contract/task.ts'
import { applyAction, type Operation } from './operation.ts'

/** The order of the list: newest first, and by id where times are the same, as the API pages it. */
export function byNewest(a: Task, b: Task): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1
  if (a.id !== b.id) return a.id < b.id ? 1 : -1
  return 0
}

/**
 * What the person sees: the tasks the server told of, with the operations it has not answered yet.
 * `base` is in the order of the list, and so is the result.
 */
export function project(base: readonly Task[], operations: readonly Operation[]): readonly Task[] {
  if (operations.length === 0) return base
  const touched = new Map<string, Task | undefined>()
  const ids = new Set(operations.map((operation) => operation.task_id))
  for (const task of base) if (ids.has(task.id)) touched.set(task.id, task)
  const known = new Set(touched.keys())
  for (const { task_id, action } of operations)
    touched.set(task_id, applyAction(touched.get(task_id), action))

  const view: Task[] = []
  for (const task of base) {
    const now = known.has(task.id) ? touched.get(task.id) : task
    if (now) view.push(now)
  }
  const created = new Set(
    operations.filter(({ action }) => action.kind === 'create').map((one) => one.task_id),
  )
  for (const [id, task] of touched) {
    if (!task || known.has(id)) continue
    // The server gives a new task its time on arrival: later than all there is, whatever this device's clock says.
    if (created.has(id)) view.unshift(task)
    else insert(view, task)
  }
  return view
}

/** Put `task` at its place in a list that is in order. */
function insert(tasks: Task[], task: Task): void {
  let low = 0
  let high = tasks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = tasks[middle]
    if (other && byNewest(other, task) < 0) low = middle + 1
    else high = middle
  }
  tasks.splice(low, 0, task)
}
