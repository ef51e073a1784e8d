import type { Operation } from './operation.ts'
import {
  applyDelta,
  diffOutboxes,
  dropSavedUpdates,
  emptyOutbox,
  type Delta,
  type Outbox,
  type OutboxStep,
} from './outbox.ts'
import { applyServerUpdate, toSavedReplica, updatesFrom, type Replica, type ServerUpdate } from './replica.ts'
import { createSignal } from './signal.ts'
import type { SyncStorage } from './storage.ts'

interface SharedOutboxDeps {
  storage: SyncStorage
  replica: Replica
  /** Applies updates that the saved replica lacks. */
  receive: (updates: readonly ServerUpdate[]) => void
}

interface CommitOptions {
  /** Called when the step is stored, before its effect is shown. */
  onStored?: () => void
  /** Tasks to report as changed besides those that the step changed. */
  taskIds?: readonly string[]
}

/** Creates this tab's copy of the shared outbox. A delta that arrives out of order triggers a full reload. */
export function createSharedOutbox({ storage, replica, receive }: SharedOutboxDeps) {
  const changed = createSignal<readonly string[] | undefined>()
  const loggedOut = createSignal<void>()
  /** The last revision seen; -1 before the first read. */
  let revision = -1
  let operations: readonly Operation[] = []
  let lastReload = Promise.resolve()
  let isLoggedOut = false

  storage.onMessage((message) => {
    if (message === 'gone') {
      isLoggedOut = true
      loggedOut.emit()
    } else if (message.revision === revision + 1) advance(message, applyDelta(operations, message))
    else if (message.revision > revision) void reload()
  })

  /** Moves this tab's copy to a later revision and reports the tasks that changed. */
  function advance(delta: Delta, after: readonly Operation[], taskIds: readonly string[] = []): void {
    const dropped = operations.filter(({ key }) => delta.dropped.includes(key))
    receive(delta.news)
    revision = delta.revision
    operations = after
    const changedOperations = [...dropped, ...delta.put].map(({ task_id }) => task_id)
    changed.emit([...changedOperations, ...delta.news.map(({ id }) => id), ...taskIds])
  }

  /** Advances to an outbox that was read whole, unless this tab is there already. */
  function advanceTo(outbox: Outbox, taskIds: readonly string[] = []): void {
    const delta = diffOutboxes({ ...emptyOutbox, revision, operations }, outbox)
    if (outbox.revision > revision) advance(delta, outbox.operations, taskIds)
    else if (taskIds.length > 0) changed.emit(taskIds)
  }

  /** Reads the saved replica if it has updates that the outbox has dropped and this tab has not seen. */
  async function catchUpReplica({ saved: savedUpTo }: Outbox): Promise<void> {
    if (savedUpTo <= revision) return
    const saved = await storage.read('base')
    for (const update of saved ? updatesFrom(saved) : []) applyServerUpdate(replica, update)
    const { cursor } = replica
    // Only before the first read: later the replica may hold tasks whose deletion the saved one has forgotten.
    if (saved && revision < 0 && !cursor.since)
      replica.cursor = { since: saved.since, complete: saved.complete || cursor.complete }
    changed.emit(undefined)
  }

  /** Reads the stored outbox: what earlier visits left and other tabs did. One by one, so that no older one comes last. */
  const reload = (): Promise<void> => (lastReload = lastReload.then(reloadNow))

  async function reloadNow(): Promise<void> {
    const outbox = (await storage.read('outbox')) ?? emptyOutbox
    if (revision < 0) {
      // Unsent operations are shown over the document's first page before the whole list is read.
      operations = outbox.operations
      changed.emit(undefined)
    }
    await catchUpReplica(outbox)
    advanceTo(outbox)
  }

  /** Runs one step in a transaction and broadcasts its delta; returns whether the device stored it. */
  async function commit(step: OutboxStep, { onStored, taskIds }: CommitOptions = {}): Promise<boolean> {
    if (isLoggedOut) return true
    let before = emptyOutbox
    let after = emptyOutbox
    const isStored = await storage.updateOutbox((outbox = emptyOutbox) => {
      before = outbox
      after = step(outbox)
      return after
    })
    if (!isStored) return false
    const delta = diffOutboxes(before, after)
    if (after.revision > before.revision) storage.broadcast(delta)
    if (before.revision !== revision) await catchUpReplica(after)
    onStored?.()
    if (before.revision === revision) advance(delta, after.operations, taskIds)
    else advanceTo(after, taskIds)
    return true
  }

  /** Saves the replica, after which the outbox can drop the updates that are in it. */
  const save = (): Promise<void> =>
    storage.withLock('save', async () => {
      await reload()
      if (isLoggedOut) return
      const savedUpTo = revision
      if (await storage.saveReplica(toSavedReplica(replica)))
        await storage.updateOutbox((outbox = emptyOutbox) => dropSavedUpdates(outbox, savedUpTo))
    })

  return {
    operations: () => operations,
    isLoggedOut: () => isLoggedOut,
    /** Emits the ids of tasks that may have changed; undefined when any may. */
    onChange: changed.subscribe,
    /** Emits when the user has logged out in another tab. */
    onLogout: loggedOut.subscribe,
    reload,
    commit,
    save,
  }
}
