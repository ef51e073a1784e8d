import { clear, createStore, get, type UseStore } from 'idb-keyval'
import type { StoredState, TabMessage } from './storage.ts'

/** What this device keeps of a person, its locks and its channel all go by this name. */
export const databaseName = (userId: string): string => `margin-${userId}`

/** What is kept of a person, in IndexedDB. */
export const openStore = (userId: string): UseStore => createStore(databaseName(userId), 'kept')

/** Run `work` while no other tab does under this name; where the browser has no locks, run it. */
export function withLock(name: string, work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? (navigator.locks.request(name, work) as Promise<void>) : work()
}

/** What is asked of every tab before the person logs out. */
const HOW_MANY = 'how many'
/** Milliseconds that tabs have to answer; one that sleeps does not. */
const ANSWERS_WITHIN_MS = 150

const askingChannel = (userId: string): BroadcastChannel =>
  new BroadcastChannel(`${databaseName(userId)} unkept`)

/** Tell whoever asks how many changes are in this page alone. */
export function answerUnpersistedCount(userId: string, count: () => number): void {
  const channel = askingChannel(userId)
  channel.onmessage = ({ data }) => {
    if (data === HOW_MANY) channel.postMessage(count())
  }
}

async function countInPages(userId: string): Promise<number> {
  const channel = askingChannel(userId)
  let count = 0
  channel.onmessage = ({ data }) => {
    if (typeof data === 'number') count += data
  }
  channel.postMessage(HOW_MANY)
  await new Promise((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS))
  channel.close()
  return count
}

async function countOnDevice(userId: string): Promise<number> {
  try {
    return (await get<StoredState['outbox']>('outbox', openStore(userId)))?.operations.length ?? 0
  } catch {
    return 0
  }
}

/** How many changes of this person wait, on this device or in its open pages, those that the server refused too. */
export async function countUnsent(userId: string): Promise<number> {
  const [onDevice, inPages] = await Promise.all([countOnDevice(userId), countInPages(userId)])
  return onDevice + inPages
}

/** Forget all that is kept of this person here, and have every other tab leave the list. */
export async function clearLocalData(userId: string): Promise<void> {
  const name = databaseName(userId)
  const channel = new BroadcastChannel(name)
  channel.postMessage('gone' satisfies TabMessage)
  channel.close()
  // After a tab that is about to save the list has done so.
  await withLock(`${name} save`, async () => {
    await clear(openStore(userId)).catch(() => undefined)
  })
}
