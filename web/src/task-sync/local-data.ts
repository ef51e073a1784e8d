import { clear, createStore, get, type UseStore } from 'idb-keyval'
import type { StoredState, TabMessage } from './storage.ts'

/** Returns the name of a user's database, channel and locks on this device. */
export const databaseName = (userId: string): string => `margin-${userId}`

export const openStore = (userId: string): UseStore => createStore(databaseName(userId), 'kept')

/** Runs `work` while no other tab runs work under this name; in a browser without locks, runs it at once. */
export function withLock(name: string, work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? (navigator.locks.request(name, work) as Promise<void>) : work()
}

/** Message that asks every tab for its number of unpersisted operations; a tab answers with a number. */
const COUNT_REQUEST = 'how many'
/** Milliseconds that open pages have to answer, however slow the machine is; a suspended one does not. */
const ANSWER_TIMEOUT_MS = 2_000
/** The same where no open page is known: the browser has no locks, or the page is of an earlier version. */
const UNKNOWN_PAGE_TIMEOUT_MS = 150

const countChannel = (userId: string): BroadcastChannel =>
  new BroadcastChannel(`${databaseName(userId)} unkept`)

/** Name of the shared lock that every page with a task list holds, by which others know how many are open. */
const openPageLock = (userId: string): string => `${databaseName(userId)} open`

/** Answers other tabs that ask how many operations would be lost with this page. */
export function answerUnpersistedCount(userId: string, count: () => number): void {
  void navigator.locks?.request(openPageLock(userId), { mode: 'shared' }, () => new Promise(() => {}))
  const channel = countChannel(userId)
  channel.onmessage = ({ data }) => {
    if (data === COUNT_REQUEST) channel.postMessage(count())
  }
}

async function countUnpersisted(userId: string): Promise<number> {
  const locks = (await navigator.locks?.query())?.held
  let awaited = locks?.filter(({ name }) => name === openPageLock(userId)).length
  const channel = countChannel(userId)
  let count = 0
  await new Promise<void>((resolve) => {
    channel.onmessage = ({ data }) => {
      if (typeof data !== 'number') return
      count += data
      if (awaited && --awaited === 0) resolve()
    }
    channel.postMessage(COUNT_REQUEST)
    setTimeout(resolve, awaited ? ANSWER_TIMEOUT_MS : UNKNOWN_PAGE_TIMEOUT_MS)
  })
  channel.close()
  return count
}

async function countStored(userId: string): Promise<number> {
  try {
    return (await get<StoredState['outbox']>('outbox', openStore(userId)))?.operations.length ?? 0
  } catch {
    return 0
  }
}

/** Counts the user's operations that the server has not acknowledged, on this device and in its open pages. */
export async function countUnsent(userId: string): Promise<number> {
  const [stored, unpersisted] = await Promise.all([countStored(userId), countUnpersisted(userId)])
  return stored + unpersisted
}

/** Calls `listener` when the user logs out in another tab; returns a function that stops it. */
export function onLogout(userId: string, listener: () => void): () => void {
  const channel = new BroadcastChannel(databaseName(userId))
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data === 'gone') listener()
  }
  return () => channel.close()
}

/** Removes all that this device stores of the user, and makes every other tab leave the list. */
export async function clearLocalData(userId: string): Promise<void> {
  const name = databaseName(userId)
  const channel = new BroadcastChannel(name)
  channel.postMessage('gone' satisfies TabMessage)
  channel.close()
  // After a tab that is about to save the replica has done so.
  await withLock(`${name} save`, async () => {
    await clear(openStore(userId)).catch(() => undefined)
  })
}
