import { applyAction, type Action, type Operation } from './operation.ts'

/**
 * The operations with one more. What was done to the same task and never sent takes it in, so that a morning in a
 * tunnel is one call for each task; what was sent once is left alone, for the server may have done it.
 */
export function coalesce(operations: readonly Operation[], next: Operation): readonly Operation[] {
  const last = operations.findLast(({ task_id }) => task_id === next.task_id)
  if (!last || last.tries > 0) return [...operations, next]
  if (cancels(last.action, next.action)) return operations.filter((operation) => operation !== last)
  const action = mergedAction(last.action, next.action)
  if (!action) return [...operations, next]
  const title = action.kind === 'create' ? action.task.title : last.title
  return operations.map((operation) => (operation === last ? { ...last, title, action } : operation))
}

/** Whether the second leaves everything as it was before the first. */
function cancels({ kind: first }: Action, { kind: second }: Action): boolean {
  return second === 'delete'
    ? first === 'create' || first === 'restore'
    : first === 'delete' && second === 'restore'
}

/** One action that does what two do; undefined when there is none. */
function mergedAction(first: Action, second: Action): Action | undefined {
  if (second.kind === 'change') {
    if (first.kind === 'create') return { ...first, task: applyAction(first.task, second) ?? first.task }
    if (first.kind === 'change') return { kind: 'change', fields: { ...first.fields, ...second.fields } }
  }
  // A delete stays: Undo takes it back, and must find the changes that were made before it.
  return first.kind === 'delete' && second.kind === 'delete' ? first : undefined
}
