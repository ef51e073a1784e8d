import { toProblem, type ApiProblem, type ProblemFields } from '../lib/problem.ts'
import { backoffMs, createBackoff, isTransient } from './backoff.ts'
import type { Operation } from './operation.ts'
import { acknowledge, markFailed, markPushed, nextToPush, rebase, type Outbox } from './outbox.ts'
import type { TaskRemote } from './remote.ts'
import { toServerUpdate, type ServerUpdate } from './replica.ts'
import type { SyncStorage } from './storage.ts'
import type { TabState } from './tab-state.ts'

/** Milliseconds until storage that failed is tried again. */
const STORAGE_RETRY_MS = 10_000

interface PushDeps {
  remote: TaskRemote
  storage: SyncStorage
  tab: TabState
  /** Resolves after that many milliseconds. */
  pause: (ms: number) => Promise<void>
}

/** Creates the push loop: one operation after another, in one tab at a time. */
export function createPush({ remote, storage, tab, pause }: PushDeps) {
  const backoff = createBackoff()
  let isPushing = false
  /** Milliseconds to wait before the next round. */
  let waitMs = 0
  let endWait = (): void => {}

  function hasMore(): boolean {
    if (tab.isLoggedOut()) return false
    const stored = tab.sharedOperations()
    return (nextToPush(stored) ?? nextToPush(tab.pageOperations(), stored)) !== undefined
  }

  async function pushAll(): Promise<void> {
    if (isPushing) return
    isPushing = true
    while (hasMore()) {
      const hasPushed = await pushRound()
      // Outside the lock: a tab that the browser suspends must not stop another from pushing.
      if (waitMs > 0) await wait(waitMs)
      // The device has lost what this tab's copy still holds: another look would find nothing again.
      else if (!hasPushed) break
    }
    isPushing = false
    if (!hasMore()) backoff.rearm()
  }

  /** Pushes all operations that are due; returns whether there was one. */
  async function pushRound(): Promise<boolean> {
    let hasPushed = false
    try {
      await storage.withLock('send', async () => {
        for (let operation = await claimNext(); operation; operation = await claimNext()) {
          hasPushed = true
          await push(operation)
        }
      })
    } catch {
      // The browser refused the lock.
      waitMs = backoffMs(1, undefined)
    }
    return hasPushed
  }

  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      endWait = resolve
      void pause(ms).then(resolve)
    })
  }

  /** Returns the next operation, marked as pushed: from here on nothing is coalesced into it. */
  async function claimNext(): Promise<Operation | undefined> {
    let claimed: Operation | undefined
    waitMs = 0
    const claim = (blockers: readonly Operation[]) => (outbox: Outbox) => {
      const next = nextToPush(outbox.operations, blockers)
      if (!next) return outbox
      if (backoff.isDue(next)) return markPushed(outbox, (claimed = next))
      waitMs = backoff.start(next)
      return outbox
    }
    const isMarked = !nextToPush(tab.sharedOperations()) || (await tab.commitShared(claim([])))
    if (!isMarked) claimed = undefined
    if (!claimed && waitMs === 0) tab.commitInPage(claim(tab.sharedOperations()))
    // A stored operation that cannot be marked is not pushed: another tab could not tell that it was.
    if (!claimed && !isMarked) waitMs ||= STORAGE_RETRY_MS
    return claimed
  }

  async function push(operation: Operation): Promise<void> {
    const { key } = operation
    // It has no version if it was made before its task's create was acknowledged, and stored after.
    const version = operation.version ?? tab.replica.tasks.get(operation.task_id)?.updated_at
    try {
      const row = await remote.send({ ...operation, version })
      const update = row ? toServerUpdate(row) : deletionBy({ ...operation, version })
      await tab.commitFor(key, (outbox) => acknowledge(outbox, operation, update))
      backoff.succeeded()
    } catch (error) {
      const problem = toProblem(error)
      backoff.failed()
      const current = problem.task && toServerUpdate(problem.task)
      await tab.commitFor(key, (outbox) =>
        current
          ? rebase(outbox, operation, current)
          : markFailed(outbox, key, toPlainFields(problem), !isTransient(problem)),
      )
    }
  }

  /** The API answers a delete without a version, so the latest known here stands for it until the next pull. */
  function deletionBy({ task_id, version = '' }: Operation): ServerUpdate {
    const { tasks, tombstones } = tab.replica
    const known = tasks.get(task_id)?.updated_at ?? tombstones.get(task_id) ?? ''
    return { id: task_id, updated_at: known > version ? known : version, task: undefined }
  }

  return {
    pushAll,
    /** Ends a backoff at once: the user, or the network, is back. */
    wake: (): void => {
      backoff.skip()
      endWait()
    },
  }
}

/** Returns what of a problem can be stored. */
function toPlainFields({ code, status, title, detail, request_id, retry_after }: ApiProblem): ProblemFields {
  return { code, status, title, detail, request_id, retry_after }
}
