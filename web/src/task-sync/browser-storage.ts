import { get, set, update } from 'idb-keyval'
import { databaseName, openStore, withLock } from './local-data.ts'
import type { StoredState, SyncStorage, TabMessage } from './storage.ts'

/** Milliseconds after which an IndexedDB that has never answered counts as unusable. */
const OPEN_TIMEOUT_MS = 5_000

/** Opens the browser's IndexedDB, locks and channel under a name of this user. */
export function browserStorage(userId: string): SyncStorage {
  const name = databaseName(userId)
  const channel = new BroadcastChannel(name)
  const store = openStore(userId)
  let hasAnswered = false
  let isUnusable = false

  /** Resolves with undefined when the request fails. Once the database has answered, requests may take their time. */
  async function attempt<Value>(request: () => Promise<Value>): Promise<Value | undefined> {
    if (isUnusable) return undefined
    try {
      const timeout = new Promise<never>((_, reject) => {
        const giveUp = () => {
          if (hasAnswered) return
          isUnusable = true
          reject(new Error('timeout'))
        }
        if (!hasAnswered) setTimeout(giveUp, OPEN_TIMEOUT_MS)
      })
      const value = await Promise.race([request(), timeout])
      hasAnswered = true
      return value
    } catch {
      return undefined
    }
  }

  const succeeds = async (request: () => Promise<void>): Promise<boolean> =>
    (await attempt(() => request().then(() => true))) ?? false

  return {
    read: (key) => attempt(() => get(key, store)),
    saveReplica: (replica) => succeeds(() => set('base', replica, store)),
    updateOutbox: (step) =>
      succeeds(() =>
        update<StoredState['outbox']>(
          'outbox',
          (old) => {
            // This page has gone on without the database: aborts a transaction that opens late.
            if (isUnusable) throw new Error('timeout')
            return step(old)
          },
          store,
        ),
      ),
    withLock: (purpose, work) => withLock(`${name} ${purpose}`, work),
    broadcast: (message) => channel.postMessage(message),
    onMessage: (listener) => {
      channel.onmessage = ({ data }: MessageEvent<TabMessage>) => listener(data)
    },
  }
}
