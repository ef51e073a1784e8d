import type { StoredState, SyncStorage, TabMessage } from '../storage.ts'

/** Lets other things happen; how many and which is the scheduler's choice. */
export type YieldPoint = () => Promise<void>

/**
 * Creates a device in memory that several tabs share: transactions, locks and messages as browsers have them, each with
 * its own delay. A closed tab does nothing more and releases its locks; a failing one can neither read nor write.
 */
export function fakeStorage(yieldPoint: YieldPoint) {
  const stored: { [Name in keyof StoredState]?: StoredState[Name] } = {}
  const tabs = new Set<{ listener: (message: TabMessage) => void }>()
  const queues = new Map<string, { holder: object; start: () => void }[]>()

  function release(name: string, holder: object): void {
    const queue = queues.get(name) ?? []
    const isFirst = queue[0]?.holder === holder
    queues.set(
      name,
      queue.filter((entry) => entry.holder !== holder),
    )
    if (isFirst) queues.get(name)?.[0]?.start()
  }

  return {
    stored,
    open(): SyncStorage & { close: () => void; fail: (isFailing: boolean) => void } {
      const tab = { listener: (_: TabMessage): void => {} }
      /** Locks that this tab has or waits for. */
      const held = new Map<object, string>()
      let isFailing = false
      tabs.add(tab)

      let last: Promise<unknown> = Promise.resolve()

      /** Runs one transaction of this tab, after those requested before it, with a delay before and after. */
      function transact<Value>(act: () => Value): Promise<Value> {
        const before = last
        const done = (async () => {
          await before
          await yieldWhileOpen()
          return structuredClone(act())
        })()
        last = done
        return done.then(async (value) => {
          await yieldWhileOpen()
          return value
        })
      }

      async function yieldWhileOpen(): Promise<void> {
        await yieldPoint()
        if (!tabs.has(tab)) await new Promise<never>(() => {})
      }

      return {
        read: (name) => transact(() => (isFailing ? undefined : stored[name])),
        saveReplica: (replica) =>
          transact(() => {
            if (!isFailing) stored.base = structuredClone(replica)
            return !isFailing
          }),
        updateOutbox: (step) =>
          transact(() => {
            const outbox = structuredClone(step(structuredClone(stored.outbox)))
            if (!isFailing) stored.outbox = outbox
            return !isFailing
          }),
        async withLock(name, work) {
          await yieldWhileOpen()
          const holder = {}
          const queue = queues.get(name) ?? []
          queues.set(name, queue)
          held.set(holder, name)
          await new Promise<void>((start) => {
            queue.push({ holder, start })
            if (queue.length === 1) start()
          })
          try {
            await work()
          } finally {
            held.delete(holder)
            release(name, holder)
          }
        },
        broadcast(message) {
          for (const other of tabs)
            if (other !== tab)
              void yieldPoint().then(() => {
                if (tabs.has(other)) other.listener(structuredClone(message))
              })
        },
        onMessage: (listener) => void (tab.listener = listener),
        fail: (now) => void (isFailing = now),
        close() {
          tabs.delete(tab)
          for (const [holder, name] of held) release(name, holder)
          held.clear()
        },
      }
    },
  }
}
