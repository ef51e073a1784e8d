import type { ProblemFields } from '../lib/problem.ts'
import type { ServerUpdate } from './replica.ts'
import { coalesce } from './coalesce.ts'
import type { Operation } from './operation.ts'

/** What the tabs of one device share: each step is one transaction, and is told to the other tabs. */
export interface Outbox {
  /** Counts the steps. */
  revision: number
  operations: readonly Operation[]
  /** What the server answered since the base was saved, so that a crash forgets nothing it confirmed. */
  answers: readonly (ServerUpdate & { revision: number })[]
  /** The saved base has all answers up to this revision. */
  saved: number
}

/** The difference that one step makes. */
export interface Delta {
  revision: number
  /** Operations that are new or not as they were. */
  put: readonly Operation[]
  /** Keys of operations that are no more. */
  dropped: readonly string[]
  news: readonly ServerUpdate[]
}

export const emptyOutbox: Outbox = { revision: 0, operations: [], answers: [], saved: 0 }

function step(outbox: Outbox, operations: readonly Operation[], news?: ServerUpdate): Outbox {
  const revision = outbox.revision + 1
  const answers = news ? [...outbox.answers, { ...news, revision }] : outbox.answers
  return { ...outbox, revision, operations, answers }
}

/** Operations with the one under `key` changed. */
function altered(
  operations: readonly Operation[],
  key: string,
  change: Partial<Operation>,
): readonly Operation[] {
  return operations.map((operation) => (operation.key === key ? { ...operation, ...change } : operation))
}

/** Later operations were done to the task as this one left it. */
function moved(operations: readonly Operation[], { task_id, version }: Operation, to: string) {
  return operations.map((operation) =>
    operation.task_id === task_id && operation.version === version
      ? { ...operation, version: to }
      : operation,
  )
}

/**
 * The first operation that may go: what was done to a task after a refusal waits for the decision on that, and what was
 * done after `others` waits for those.
 */
export function nextToSend(
  operations: readonly Operation[],
  others: readonly Operation[] = [],
): Operation | undefined {
  const refusals = operations.filter(({ refused }) => refused)
  const held = new Set([...others, ...refusals].map(({ task_id }) => task_id))
  return operations.find(({ task_id }) => !held.has(task_id))
}

export const added = (outbox: Outbox, operation: Operation): Outbox =>
  step(outbox, coalesce(outbox.operations, operation))

/** The operation is about to be sent. */
export const tried = (outbox: Outbox, { key, tries }: Operation): Outbox =>
  step(outbox, altered(outbox.operations, key, { tries: tries + 1 }))

/** The server did it. */
export function answered(outbox: Outbox, operation: Operation, news: ServerUpdate): Outbox {
  const others = outbox.operations.filter(({ key }) => key !== operation.key)
  return step(outbox, moved(others, operation, news.updated_at), news)
}

/** Somebody else changed the task in between: ours is to be done to the task as it is now. */
export const outdated = (outbox: Outbox, operation: Operation, news: ServerUpdate): Outbox =>
  step(
    outbox,
    altered(moved(outbox.operations, operation, news.updated_at), operation.key, { problem: undefined }),
    news,
  )

/** It failed; `refused` when it would fail again. */
export const failed = (outbox: Outbox, key: string, problem: ProblemFields, refused: boolean): Outbox =>
  step(outbox, altered(outbox.operations, key, { problem, refused }))

/** The person wants a refused operation sent once more. */
export const retried = (outbox: Outbox, key: string): Outbox =>
  step(outbox, altered(outbox.operations, key, { refused: false, problem: undefined }))

/** The person gives a refused operation up; without its create, nothing else that was done to a task makes sense. */
export function discarded(outbox: Outbox, key: string): Outbox {
  const given = outbox.operations.find((operation) => operation.key === key && operation.refused)
  if (!given) return outbox
  const makes = given.action.kind === 'create' || given.action.kind === 'restore'
  const isDropped = (operation: Operation) =>
    operation === given || (makes && operation.task_id === given.task_id)
  return step(
    outbox,
    outbox.operations.filter((operation) => !isDropped(operation)),
  )
}

/** The base was saved with all answers up to `revision`. Nothing that other tabs have to hear of. */
export const trimmed = (outbox: Outbox, revision: number): Outbox => ({
  ...outbox,
  saved: Math.max(outbox.saved, revision),
  answers: outbox.answers.filter((answer) => answer.revision > revision),
})

/** What changed between two outboxes, of which the second may be several steps later. */
export function deltaOf(before: Outbox, after: Outbox): Delta {
  const known = new Set(before.operations)
  const kept = new Set(after.operations.map(({ key }) => key))
  return {
    revision: after.revision,
    put: after.operations.filter((operation) => !known.has(operation)),
    dropped: before.operations.map(({ key }) => key).filter((key) => !kept.has(key)),
    news: after.answers.filter(({ revision }) => revision > before.revision),
  }
}

/** The operations after a step that another tab told of. */
export function withDelta(operations: readonly Operation[], { put, dropped }: Delta): readonly Operation[] {
  const changed = new Map(put.map((operation) => [operation.key, operation]))
  const kept = operations.filter(({ key }) => !dropped.includes(key))
  const old = new Set(kept.map(({ key }) => key))
  return [
    ...kept.map((operation) => changed.get(operation.key) ?? operation),
    ...put.filter(({ key }) => !old.has(key)),
  ]
}
