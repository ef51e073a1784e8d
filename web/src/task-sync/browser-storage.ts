import { get, set, update } from 'idb-keyval'
import type { SyncStorage, StoredState, TabMessage } from './storage.ts'
import { withLock, databaseName, openStore } from './local-data.ts'

/** Milliseconds after which a browser that has never answered is taken for one that keeps nothing. */
const OPENS_WITHIN_MS = 5_000

/** The browser's IndexedDB, locks and channel, under a name of this person's own. */
export function browserStorage(userId: string): SyncStorage {
  const name = databaseName(userId)
  const channel = new BroadcastChannel(name)
  const store = openStore(userId)
  let hasAnswered = false
  let isAway = false

  /** What the browser makes of it; undefined when it fails. Once it has answered, it may take its time. */
  async function attempt<Value>(act: () => Promise<Value>): Promise<Value | undefined> {
    if (isAway) return undefined
    try {
      const late = new Promise<never>((_, reject) => {
        const giveUp = () => {
          if (hasAnswered) return
          isAway = true
          reject(new Error('late'))
        }
        if (!hasAnswered) setTimeout(giveUp, OPENS_WITHIN_MS)
      })
      const value = await Promise.race([act(), late])
      hasAnswered = true
      return value
    } catch {
      return undefined
    }
  }

  const succeeds = async (act: () => Promise<void>): Promise<boolean> =>
    (await attempt(() => act().then(() => true))) ?? false

  return {
    read: (key) => attempt(() => get(key, store)),
    saveReplica: (base) => succeeds(() => set('base', base, store)),
    updateOutbox: (step) =>
      succeeds(() =>
        update<StoredState['outbox']>(
          'outbox',
          (old) => {
            // This page has gone on without it.
            if (isAway) throw new Error('late')
            return step(old)
          },
          store,
        ),
      ),
    withLock: (purpose, work) => withLock(`${name} ${purpose}`, work),
    broadcast: (message) => channel.postMessage(message),
    onMessage: (hear) => {
      channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data)
    },
  }
}
