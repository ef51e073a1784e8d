import { clear, createStore, get, type UseStore } from 'idb-keyval'
import type { Kept, Message } from './device.ts'

/** What this device keeps of a person, its locks and its channel all go by this name. */
export const nameFor = (userId: string): string => `margin-${userId}`

/** What is kept of a person, in IndexedDB. */
export const storeFor = (userId: string): UseStore => createStore(nameFor(userId), 'kept')

/** Run `work` while no other tab does under this name; where the browser has no locks, run it. */
export function alone(name: string, work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? (navigator.locks.request(name, work) as Promise<void>) : work()
}

/** How many changes of this person wait on this device, those among them that the server refused. */
export async function countUnsent(userId: string): Promise<number> {
  try {
    return (await get<Kept['outbox']>('outbox', storeFor(userId)))?.operations.length ?? 0
  } catch {
    return 0
  }
}

/** Forget all that is kept of this person here, and have every other tab leave the list. */
export async function forgetDevice(userId: string): Promise<void> {
  const name = nameFor(userId)
  const channel = new BroadcastChannel(name)
  channel.postMessage('gone' satisfies Message)
  channel.close()
  // After a tab that is about to save the list has done so.
  await alone(`${name} save`, async () => {
    await clear(storeFor(userId)).catch(() => undefined)
  })
}
