import type { Task, TaskState } from '#contract/task.ts'

/** One thing the server told: a task as it was at `updated_at`, or that it was gone by then. */
export interface ServerUpdate {
  id: string
  updated_at: string
  task: Task | undefined
}

/** What the server has told of so far. Changed in place: it may hold ten thousand tasks. */
export interface Replica {
  tasks: Map<string, Task>
  /** Deleted tasks, by the version that is no more: what was read before must not bring them back. */
  gone: Map<string, string>
}

/** How far the server has been read. */
export interface SyncCursor {
  /** Place in the feed of changes up to which everything is known. */
  since: string | undefined
  /** Whether the feed was once read to its end, so that all tasks are known. */
  complete: boolean
}

/** A base as the device keeps it. */
export interface SavedReplica extends SyncCursor {
  tasks: readonly Task[]
  /** The last deletions, id and version. */
  gone: readonly (readonly [string, string])[]
}

/** Deletions that are kept on the device: enough to outlive any answer that is still on its way. */
const GONE_KEPT = 1_000

export const emptyReplica = (): Replica => ({ tasks: new Map(), gone: new Map() })

/** Take in what the server told, unless something later is known. Whether anything changed. */
export function applyServerUpdate({ tasks, gone }: Replica, { id, updated_at, task }: ServerUpdate): boolean {
  const known = tasks.get(id)
  if (task) {
    if ((known && known.updated_at >= updated_at) || (gone.get(id) ?? '') >= updated_at) return false
    tasks.set(id, task)
    gone.delete(id)
    return true
  }
  if (known && known.updated_at > updated_at) return false
  if ((gone.get(id) ?? '') < updated_at) gone.set(id, updated_at)
  return tasks.delete(id)
}

/** A row of the API as news: it may be a task, or what is left of a deleted one. */
export function toServerUpdate(row: Task & Partial<TaskState>): ServerUpdate {
  const { deleted_at, ...task } = row
  return { id: row.id, updated_at: row.updated_at, task: deleted_at ? undefined : task }
}

/** The base as plain data. */
export function saveReplica({ tasks, gone }: Replica, place: SyncCursor): SavedReplica {
  return { ...place, tasks: [...tasks.values()], gone: [...gone].slice(-GONE_KEPT) }
}

/** What a saved base tells. */
export function updatesFrom({ tasks, gone }: SavedReplica): readonly ServerUpdate[] {
  const deletions = gone.map(([id, updated_at]) => ({ id, updated_at, task: undefined }))
  return [...tasks.map(toServerUpdate), ...deletions]
}
