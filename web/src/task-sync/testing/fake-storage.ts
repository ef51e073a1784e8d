import type { SyncStorage, StoredState, TabMessage } from '../storage.ts'

/** Lets other things happen; how many, and which, is the scheduler's to say. */
export type Turn = () => Promise<void>

/**
 * A device that several tabs share, in memory: transactions, locks and messages as browsers have them, each in its own
 * time. A tab that is closed does nothing more, and lets go of its locks; for one that fails nothing is read or kept, not
 * even what it is about to.
 */
export function fakeStorage(turn: Turn) {
  const kept: { [Name in keyof StoredState]?: StoredState[Name] } = {}
  const tabs = new Set<{ hear: (message: TabMessage) => void }>()
  const queues = new Map<string, { holder: object; start: () => void }[]>()

  function release(name: string, holder: object): void {
    const queue = queues.get(name) ?? []
    const isFirst = queue[0]?.holder === holder
    queues.set(
      name,
      queue.filter((one) => one.holder !== holder),
    )
    if (isFirst) queues.get(name)?.[0]?.start()
  }

  return {
    kept,
    open(): SyncStorage & { close: () => void; fail: (isFailing: boolean) => void } {
      const tab = { hear: (_: TabMessage): void => {} }
      /** Locks that this tab has or waits for. */
      const held = new Map<object, string>()
      let isFailing = false
      tabs.add(tab)

      let last: Promise<unknown> = Promise.resolve()

      /** One transaction of this tab, after those that it asked for before, with time before and after it. */
      function step<Value>(act: () => Value): Promise<Value> {
        const before = last
        const done = (async () => {
          await before
          await live()
          return structuredClone(act())
        })()
        last = done
        return done.then(async (value) => {
          await live()
          return value
        })
      }

      async function live(): Promise<void> {
        await turn()
        if (!tabs.has(tab)) await new Promise<never>(() => {})
      }

      return {
        read: (name) => step(() => (isFailing ? undefined : kept[name])),
        saveReplica: (base) =>
          step(() => {
            if (!isFailing) kept.base = structuredClone(base)
            return !isFailing
          }),
        updateOutbox: (make) =>
          step(() => {
            const outbox = structuredClone(make(structuredClone(kept.outbox)))
            if (!isFailing) kept.outbox = outbox
            return !isFailing
          }),
        async withLock(name, work) {
          await live()
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
              void turn().then(() => {
                if (tabs.has(other)) other.hear(structuredClone(message))
              })
        },
        onMessage: (hear) => void (tab.hear = hear),
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
