import type { Operation } from './operation.ts'
import { addOperation, type OutboxStep } from './outbox.ts'
import { createPageOutbox } from './page-outbox.ts'
import { applyServerUpdate, emptyReplica, type ServerUpdate, type SyncCursor } from './replica.ts'
import { createSharedOutbox } from './shared-outbox.ts'
import { createSignal } from './signal.ts'
import type { SyncStorage } from './storage.ts'

export type TabState = ReturnType<typeof createTabState>

/** Creates what one tab knows: the replica, and the operations that the server has not acknowledged. */
export function createTabState(storage: SyncStorage) {
  const replica = emptyReplica()
  const changed = createSignal<readonly string[] | undefined>()
  const unsaved = createSignal<void>()
  const page = createPageOutbox()
  const shared = createSharedOutbox({ storage, replica, receive: applyUpdates })
  let operations = page.appendTo([])
  let lastCommit: Promise<unknown> = Promise.resolve()
  shared.onChange(show)

  function show(ids: readonly string[] | undefined): void {
    operations = page.appendTo(shared.operations())
    changed.emit(ids)
  }

  /** Applies updates of the server; returns those that changed something. */
  function applyUpdates(updates: readonly ServerUpdate[]): readonly ServerUpdate[] {
    const fresh = updates.filter((update) => applyServerUpdate(replica, update))
    if (fresh.length > 0) unsaved.emit()
    return fresh
  }

  /** Runs `commit` after all commits requested before it. */
  function enqueue<Value>(commit: () => Promise<Value>): Promise<Value> {
    const done = lastCommit.then(commit)
    lastCommit = done
    return done
  }

  /** Shows an operation at once, then stores it; if the device fails to, it stays in this page. */
  function add(operation: Operation): void {
    const taskIds = [operation.task_id]
    page.addPending(operation)
    show(taskIds)
    void enqueue(async () => {
      const isStored =
        !page.holdsTask(operation.task_id) &&
        (await shared.commit((outbox) => addOperation(outbox, operation), {
          onStored: () => page.removePending(operation),
          taskIds,
        }))
      if (isStored) return
      page.markUnpersisted(operation)
      show(taskIds)
    })
  }

  const commitShared = (step: OutboxStep): Promise<boolean> => enqueue(() => shared.commit(step))

  function commitInPage(step: OutboxStep): void {
    const change = page.update(step)
    if (!change) return
    applyUpdates(change.updates)
    show(change.ids)
  }

  return {
    replica,
    /** All operations, one by one, as the list applies them. */
    operations: () => operations.toApply,
    /** All operations as the device will have them. */
    coalescedOperations: () => operations.coalesced,
    /** Those on the device, which every tab can push. */
    sharedOperations: shared.operations,
    /** Those that the device failed to store, which this page pushes. */
    pageOperations: page.unpersisted,
    /** How many operations would be lost with this page. */
    unpersistedCount: () => (shared.isLoggedOut() ? 0 : page.count()),
    isLoggedOut: shared.isLoggedOut,
    /** Emits the ids of tasks that may look different; undefined when any may. */
    onChange: changed.subscribe,
    /** Emits when the replica has an update that the saved one lacks. */
    onUnsaved: unsaved.subscribe,
    onLogout: shared.onLogout,
    load: shared.reload,
    save: shared.save,
    add,
    commitShared,
    commitInPage,
    /** Runs one step for the operation with this key, wherever it is. */
    async commitFor(key: string, step: OutboxStep): Promise<void> {
      if (page.has(key)) commitInPage(step)
      else await commitShared(step)
    },
    /** Applies updates that were pulled, and moves the cursor. */
    receive(updates: readonly ServerUpdate[], cursor: Partial<SyncCursor> = {}): void {
      replica.cursor = { ...replica.cursor, ...cursor }
      changed.emit(applyUpdates(updates).map(({ id }) => id))
    },
  }
}
