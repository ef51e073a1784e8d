import { coalesce } from './coalesce.ts'
import type { Operation } from './operation.ts'
import { addOperation, emptyOutbox, type OutboxStep } from './outbox.ts'
import type { ServerUpdate } from './replica.ts'

export interface AllOperations {
  /**
   * One by one, as the list applies them. A create that this tab believes unsent may have been pushed by another tab; a
   * change coalesced into it would be hidden once the created task is pulled.
   */
  toApply: readonly Operation[]
  /** As the device will have them, to be counted. */
  coalesced: readonly Operation[]
}

/** Creates the operations that are in this page alone, so that closing it would lose them. */
export function createPageOutbox() {
  /** On their way to the device. */
  let pending: readonly Operation[] = []
  /** Those that the device failed to store: this page pushes them itself. */
  let unpersisted: readonly Operation[] = []

  const removePending = (operation: Operation): void => {
    pending = pending.filter((other) => other !== operation)
  }

  return {
    unpersisted: () => unpersisted,
    count: () => pending.length + unpersisted.length,
    has: (key: string): boolean => unpersisted.some((operation) => operation.key === key),
    /** Returns whether the device failed to store an operation on this task: later ones must then stay behind it. */
    holdsTask: (taskId: string): boolean => unpersisted.some(({ task_id }) => task_id === taskId),
    /** Returns all operations in order: the stored ones, then those of this page. */
    appendTo(stored: readonly Operation[]): AllOperations {
      // This tab may read that the device has an operation before its own transaction reports so.
      const keys = new Set(stored.map(({ key }) => key))
      const unstored = pending.filter(({ key }) => !keys.has(key))
      const rest = [...stored, ...unpersisted]
      return { toApply: [...rest, ...unstored], coalesced: unstored.reduce(coalesce, rest) }
    },
    addPending(operation: Operation): void {
      pending = [...pending, operation]
    },
    removePending,
    /** Accepts that the device does not store a pending operation. */
    markUnpersisted(operation: Operation): void {
      removePending(operation)
      unpersisted = addOperation({ ...emptyOutbox, operations: unpersisted }, operation).operations
    },
    /** Runs one step on the unpersisted operations; returns what it changed. */
    update(step: OutboxStep): { ids: readonly string[]; updates: readonly ServerUpdate[] } | undefined {
      const before = unpersisted
      const { operations, answers } = step({ ...emptyOutbox, operations: before })
      if (operations === before) return undefined
      unpersisted = operations
      return { ids: [...before, ...operations].map(({ task_id }) => task_id), updates: answers }
    },
  }
}
