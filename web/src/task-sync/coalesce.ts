import type { Action, Operation } from './operation.ts'

/**
 * Adds an operation. It is merged into the last one on the same task if that was never pushed, so that an hour offline
 * costs one call for each task. An operation that was pushed is left alone: the server may have carried it out.
 */
export function coalesce(operations: readonly Operation[], next: Operation): readonly Operation[] {
  const last = operations.findLast(({ task_id }) => task_id === next.task_id)
  if (!last || last.tries > 0) return [...operations, next]
  if (cancels(last.action, next.action)) return operations.filter((operation) => operation !== last)
  const action = mergeActions(last.action, next.action)
  if (!action) return [...operations, next]
  const title = action.kind === 'create' ? action.task.title : last.title
  return operations.map((operation) => (operation === last ? { ...last, title, action } : operation))
}

/** Returns whether the second action reverts the first. */
function cancels({ kind: first }: Action, { kind: second }: Action): boolean {
  return second === 'delete'
    ? first === 'create' || first === 'restore'
    : first === 'delete' && second === 'restore'
}

/** Returns one action with the effect of both; undefined when there is none. */
function mergeActions(first: Action, second: Action): Action | undefined {
  if (second.kind === 'change') {
    if (first.kind === 'create') return { ...first, task: { ...first.task, ...second.fields } }
    if (first.kind === 'change') return { kind: 'change', fields: { ...first.fields, ...second.fields } }
  }
  // A change before a delete stays its own operation: Undo cancels the delete, and the change must still be pushed.
  return first.kind === 'delete' && second.kind === 'delete' ? first : undefined
}
