import {
  applyServerUpdate,
  updatesFrom,
  saveReplica,
  type Replica,
  type ServerUpdate,
  type SyncCursor,
} from './replica.ts'
import type { SyncStorage } from './storage.ts'
import { coalesce } from './coalesce.ts'
import type { Operation } from './operation.ts'
import { added, deltaOf, emptyOutbox, trimmed, withDelta, type Delta, type Outbox } from './outbox.ts'

interface Ways {
  device: SyncStorage
  base: Replica
  /** These tasks may look different now; undefined when any may. */
  onChange: (ids: readonly string[] | undefined) => void
  /** The server told something that the saved base does not have. */
  onUnsaved: () => void
  /** The person has logged out in another tab. */
  onGone: () => void
}

export type SharedOutbox = ReturnType<typeof createSharedOutbox>

/** One tab's sight of what the device keeps. Steps that it hears of out of order are read from the device instead. */
export function createSharedOutbox({ device, base, onChange, onUnsaved, onGone }: Ways) {
  /** The last step seen here; before the first look there is none. */
  let revision = -1
  let shared: readonly Operation[] = []
  /** Done here, and not on the device yet. */
  let pending: readonly Operation[] = []
  /** Done here, and in this page alone: the device would not take it. */
  let stranded: readonly Operation[] = []
  let operations: readonly Operation[] = []
  let last: Promise<unknown> = Promise.resolve()
  let place: SyncCursor = { since: undefined, complete: false }
  let gone = false

  device.onMessage((message) => {
    if (message === 'gone') {
      gone = true
      onGone()
    } else if (message.revision === revision + 1) take(message, withDelta(shared, message))
    else if (message.revision > revision) void catchUp()
  })

  /** One step further: the operations of now, and what changed. */
  function take({ revision: to, put, dropped, news }: Delta, now: readonly Operation[]): void {
    const before = shared.filter(({ key }) => dropped.includes(key))
    keepAll(news)
    revision = to
    show(now, [...before, ...put].map(({ task_id }) => task_id).concat(news.map(({ id }) => id)))
  }

  /** Take in what the server told; what of it is new. */
  function keepAll(all: readonly ServerUpdate[]): readonly ServerUpdate[] {
    const fresh = all.filter((news) => applyServerUpdate(base, news))
    if (fresh.length > 0) onUnsaved()
    return fresh
  }

  function show(now: readonly Operation[], ids: readonly string[] | undefined): void {
    shared = now
    operations = pending.reduce(coalesce, [...shared, ...stranded])
    onChange(ids)
  }

  /** Come up to an outbox that was read whole. */
  async function adopt(outbox: Outbox): Promise<void> {
    if (outbox.saved > revision) {
      const saved = await device.read('base')
      for (const news of saved ? updatesFrom(saved) : []) applyServerUpdate(base, news)
      // The first look: what this tab knows of the list is what the device knew.
      if (saved && revision < 0 && !place.since)
        place = { since: saved.since, complete: saved.complete || place.complete }
      onChange(undefined)
    }
    if (outbox.revision > revision)
      take(deltaOf({ ...emptyOutbox, revision, operations: shared }, outbox), outbox.operations)
  }

  /** Read what other tabs did, or what was left by earlier ones. */
  async function catchUp(): Promise<void> {
    const outbox = (await device.read('outbox')) ?? emptyOutbox
    // What waits to be sent is shown over the first page before the whole list is read.
    if (revision < 0) show(outbox.operations, undefined)
    await adopt(outbox)
  }

  /**
   * One step on the outbox, after those asked for before, told to the other tabs; whether the device took it. What it
   * did not, `own`, is this page's to send, with all that follows on that task.
   */
  function commit(step: (outbox: Outbox) => Outbox, own?: Operation): Promise<boolean> {
    const done = last.then(() => commitNow(step, own))
    last = done
    return done
  }

  async function commitNow(step: (outbox: Outbox) => Outbox, own?: Operation): Promise<boolean> {
    if (gone) return true
    let before = emptyOutbox
    let after = emptyOutbox
    const isKept =
      !stranded.some(({ task_id }) => task_id === own?.task_id) &&
      (await device.updateOutbox((outbox = emptyOutbox) => {
        before = outbox
        after = step(outbox)
        return after
      }))
    if (!isKept) {
      pending = pending.filter((operation) => operation !== own)
      if (own) commitHere((outbox) => added(outbox, own))
      return false
    }
    const delta = deltaOf(before, after)
    if (after.revision > before.revision) device.broadcast(delta)
    if (before.revision !== revision) await adopt(after)
    pending = pending.filter((operation) => operation !== own)
    if (before.revision === revision) take(delta, after.operations)
    else if (own) show(shared, [own.task_id])
    return true
  }

  /** One step on what is in this page alone. */
  function commitHere(step: (outbox: Outbox) => Outbox): void {
    const before = stranded
    const { operations: now, answers } = step({ ...emptyOutbox, operations: before })
    if (now === before) return
    stranded = now
    keepAll(answers)
    show(
      shared,
      [...before, ...now].map(({ task_id }) => task_id),
    )
  }

  /** One step for the operation under `key`, wherever it is. */
  async function commitFor(key: string, step: (outbox: Outbox) => Outbox): Promise<void> {
    if (stranded.some((operation) => operation.key === key)) commitHere(step)
    else await commit(step)
  }

  /** Show an operation at once, then put it on the device. */
  function add(operation: Operation): Promise<boolean> {
    pending = [...pending, operation]
    show(shared, [operation.task_id])
    return commit((outbox) => added(outbox, operation), operation)
  }

  /** Save the base, after which the outbox need not remember the answers that are in it. */
  const save = (): Promise<void> =>
    device.withLock('save', async () => {
      await catchUp()
      if (gone) return
      const upTo = revision
      if (await device.saveReplica(saveReplica(base, place)))
        await device.updateOutbox((outbox = emptyOutbox) => trimmed(outbox, upTo))
    })

  /** The server told something that no operation asked for. */
  function learn(all: readonly ServerUpdate[], now: Partial<SyncCursor> = {}): void {
    place = { ...place, ...now }
    onChange(keepAll(all).map(({ id }) => id))
  }

  return {
    /** What the person did and the server has not answered, as it is shown. */
    operations: () => operations,
    /** Those of them that are on the device, where every tab can send them. */
    shared: () => shared,
    /** Those that the device would not take. */
    stranded: () => stranded,
    place: () => place,
    /** How many operations a crash would take. */
    unkept: () => (gone ? 0 : pending.length + stranded.length),
    isGone: () => gone,
    catchUp,
    commit,
    commitHere,
    commitFor,
    add,
    save,
    learn,
  }
}
