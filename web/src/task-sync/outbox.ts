import type { ProblemFields } from '../lib/problem.ts'
import type { ServerUpdate } from './replica.ts'
import { coalesce } from './coalesce.ts'
import type { Operation } from './operation.ts'

/** The operations that the tabs of a device share. It is stored on devices in this form: renaming a field loses data. */
export interface Outbox {
  /** Counts the steps: each is one transaction, whose delta is broadcast to the other tabs. */
  revision: number
  operations: readonly Operation[]
  /** Updates received since the replica was saved, so that a crash loses nothing that the server acknowledged. */
  answers: readonly (ServerUpdate & { revision: number })[]
  /** The saved replica has all updates up to this revision. */
  saved: number
}

/** Returns the outbox after one change; may be called again if the transaction is. */
export type OutboxStep = (outbox: Outbox) => Outbox

/** The difference that steps made. Tabs with another version of this code may read it: renaming a field loses it. */
export interface Delta {
  revision: number
  /** Operations that are new or changed. */
  put: readonly Operation[]
  /** Keys of removed operations. */
  dropped: readonly string[]
  news: readonly ServerUpdate[]
}

export const emptyOutbox: Outbox = { revision: 0, operations: [], answers: [], saved: 0 }

function nextRevision(outbox: Outbox, operations: readonly Operation[], update?: ServerUpdate): Outbox {
  const revision = outbox.revision + 1
  const answers = update ? [...outbox.answers, { ...update, revision }] : outbox.answers
  return { ...outbox, revision, operations, answers }
}

function patchOperation(
  operations: readonly Operation[],
  key: string,
  change: Partial<Operation>,
): readonly Operation[] {
  return operations.map((operation) => (operation.key === key ? { ...operation, ...change } : operation))
}

/** Moves the operations that were taken on the same version of the task to `version`. */
function moveToVersion(
  operations: readonly Operation[],
  on: Operation,
  version: string,
): readonly Operation[] {
  return operations.map((operation) =>
    operation.task_id === on.task_id && operation.version === on.version
      ? { ...operation, version }
      : operation,
  )
}

/**
 * Returns the first operation that may be pushed. Operations on the task of a refused one wait for the user's decision,
 * those on the task of one of `blockers` wait for these.
 */
export function nextToPush(
  operations: readonly Operation[],
  blockers: readonly Operation[] = [],
): Operation | undefined {
  const refusals = operations.filter(({ refused }) => refused)
  const blocked = new Set([...blockers, ...refusals].map(({ task_id }) => task_id))
  return operations.find(({ task_id }) => !blocked.has(task_id))
}

export const addOperation = (outbox: Outbox, operation: Operation): Outbox =>
  nextRevision(outbox, coalesce(outbox.operations, operation))

/** Marks an operation before it is pushed. */
export const markPushed = (outbox: Outbox, { key, tries }: Operation): Outbox =>
  nextRevision(outbox, patchOperation(outbox.operations, key, { tries: tries + 1 }))

/** Removes an operation that the server carried out; later ones on that task follow its result. */
export function acknowledge(outbox: Outbox, operation: Operation, update: ServerUpdate): Outbox {
  const others = outbox.operations.filter(({ key }) => key !== operation.key)
  return nextRevision(outbox, moveToVersion(others, operation, update.updated_at), update)
}

/** Moves an operation to the current version of a task that was changed elsewhere (412). */
export const rebase = (outbox: Outbox, operation: Operation, update: ServerUpdate): Outbox =>
  nextRevision(
    outbox,
    patchOperation(moveToVersion(outbox.operations, operation, update.updated_at), operation.key, {
      problem: undefined,
    }),
    update,
  )

/** Notes why a push failed; `refused` when it would fail again. */
export const markFailed = (outbox: Outbox, key: string, problem: ProblemFields, refused: boolean): Outbox =>
  nextRevision(outbox, patchOperation(outbox.operations, key, { problem, refused }))

/** Releases a refused operation for another push. */
export const retryRefused = (outbox: Outbox, key: string): Outbox =>
  nextRevision(outbox, patchOperation(outbox.operations, key, { refused: false, problem: undefined }))

/** Removes a refused operation; if it was to make the task, also all others on that task. */
export function discardRefused(outbox: Outbox, key: string): Outbox {
  const refused = outbox.operations.find((operation) => operation.key === key && operation.refused)
  if (!refused) return outbox
  const makesTask = refused.action.kind === 'create' || refused.action.kind === 'restore'
  const isDiscarded = (operation: Operation) =>
    operation === refused || (makesTask && operation.task_id === refused.task_id)
  return nextRevision(
    outbox,
    outbox.operations.filter((operation) => !isDiscarded(operation)),
  )
}

/** Drops the updates that the saved replica has, which are those up to `revision`. Other tabs need not know. */
export const dropSavedUpdates = (outbox: Outbox, revision: number): Outbox => ({
  ...outbox,
  saved: Math.max(outbox.saved, revision),
  answers: outbox.answers.filter((update) => update.revision > revision),
})

/** Returns the difference between two outboxes, of which the second may be several steps later. */
export function diffOutboxes(before: Outbox, after: Outbox): Delta {
  const known = new Set(before.operations)
  const keys = new Set(after.operations.map(({ key }) => key))
  return {
    revision: after.revision,
    put: after.operations.filter((operation) => !known.has(operation)),
    dropped: before.operations.map(({ key }) => key).filter((key) => !keys.has(key)),
    news: after.answers.filter(({ revision }) => revision > before.revision),
  }
}

/** Returns the operations after another tab's steps. */
export function applyDelta(operations: readonly Operation[], { put, dropped }: Delta): readonly Operation[] {
  const changed = new Map(put.map((operation) => [operation.key, operation]))
  const remaining = operations.filter(({ key }) => !dropped.includes(key))
  const known = new Set(remaining.map(({ key }) => key))
  return [
    ...remaining.map((operation) => changed.get(operation.key) ?? operation),
    ...put.filter(({ key }) => !known.has(key)),
  ]
}
