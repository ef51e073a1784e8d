import type { Task, TaskState } from '#contract/task.ts'

/** One task as the server had it at `updated_at`; without `task`, it was deleted by then. */
export interface ServerUpdate {
  id: string
  updated_at: string
  task: Task | undefined
}

/** How far the changes feed was read. */
export interface SyncCursor {
  /** The feed's cursor: everything before it is known. */
  since: string | undefined
  /** Whether the feed was read to its end once, so that all tasks are known. */
  complete: boolean
}

/** This device's copy of the tasks, as the server last sent them. Mutable, as it may hold ten thousand tasks. */
export interface Replica {
  tasks: Map<string, Task>
  /** Ids of deleted tasks with the version of the deletion, so that an older read cannot bring them back. */
  tombstones: Map<string, string>
  cursor: SyncCursor
}

/** A replica as it is stored on devices: renaming a field loses data. */
export interface SavedReplica extends SyncCursor {
  tasks: readonly Task[]
  /** The latest tombstones: id and version. */
  gone: readonly (readonly [string, string])[]
}

/** Tombstones that are stored: enough to outlive any answer that is still on its way. */
const MAX_SAVED_TOMBSTONES = 1_000

export const emptyReplica = (): Replica => ({
  tasks: new Map(),
  tombstones: new Map(),
  cursor: { since: undefined, complete: false },
})

/** Applies an update unless a newer version is known. Returns whether the tasks changed. */
export function applyServerUpdate(
  { tasks, tombstones }: Replica,
  { id, updated_at, task }: ServerUpdate,
): boolean {
  const known = tasks.get(id)
  const deletedAt = tombstones.get(id) ?? ''
  if (task) {
    if ((known && known.updated_at >= updated_at) || deletedAt >= updated_at) return false
    tasks.set(id, task)
    tombstones.delete(id)
    return true
  }
  if (known && known.updated_at > updated_at) return false
  if (deletedAt < updated_at) tombstones.set(id, updated_at)
  return tasks.delete(id)
}

/** Turns a row of the API, a task or a deleted task's remains, into an update. */
export function toServerUpdate(row: Task & Partial<TaskState>): ServerUpdate {
  const { deleted_at, ...task } = row
  return { id: row.id, updated_at: row.updated_at, task: deleted_at ? undefined : task }
}

export function toSavedReplica({ tasks, tombstones, cursor }: Replica): SavedReplica {
  return { ...cursor, tasks: [...tasks.values()], gone: [...tombstones].slice(-MAX_SAVED_TOMBSTONES) }
}

/** Returns the updates that lead from an empty replica to a saved one. */
export function updatesFrom({ tasks, gone }: SavedReplica): readonly ServerUpdate[] {
  const deletions = gone.map(([id, updated_at]) => ({ id, updated_at, task: undefined }))
  return [...tasks.map(toServerUpdate), ...deletions]
}
