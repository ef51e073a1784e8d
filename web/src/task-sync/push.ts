import { toProblem, type ApiProblem, type ProblemFields } from '../lib/problem.ts'
import { toServerUpdate, type Replica, type ServerUpdate } from './replica.ts'
import type { SyncStorage } from './storage.ts'
import type { SharedOutbox } from './shared-outbox.ts'
import type { Operation } from './operation.ts'
import { answered, failed, nextToSend, outdated, tried, type Outbox } from './outbox.ts'
import { isTemporary, backoffMs } from './backoff.ts'
import type { TaskRemote } from './remote.ts'

/** Tries that follow one another at once when the task was changed in between. */
const HURRIED_TRIES = 3
/** Milliseconds until a device that could not be written to is tried again. */
const UNMARKED_WAIT_MS = 10_000

interface Ways {
  server: TaskRemote
  device: SyncStorage
  base: Replica
  ledger: SharedOutbox
  /** Resolves after that many milliseconds. */
  pause: (ms: number) => Promise<void>
}

/** Sends what is in the outbox, one operation after another, in one tab at a time; returns the ways to start it. */
export function createPush({ server, device, base, ledger, pause }: Ways) {
  let sending = false
  /** Milliseconds before the next operation may go. */
  let restMs = 0
  /** Tries of this tab that came to nothing, since one did or the person or the network was back. */
  let failures = 0
  /** The try after which this tab has rested last; undefined when there is reason not to rest. */
  let rested: string | undefined = ''
  let endRest = (): void => {}

  const hasMore = (): boolean =>
    !ledger.isGone() &&
    (nextToSend(ledger.shared()) ?? nextToSend(ledger.stranded(), ledger.shared())) !== undefined

  async function sendAll(): Promise<void> {
    if (sending) return
    if (!hasMore()) {
      rested = ''
      return
    }
    sending = true
    let found = false
    try {
      await device.withLock('send', async () => {
        for (let operation = await take(); operation; operation = await take()) {
          found = true
          await send(operation)
        }
      })
    } catch {
      // The browser has no lock to give just now.
      restMs = backoffMs(1, undefined)
    }
    // Without the lock: a tab that the browser puts to sleep must not keep another from sending.
    if (restMs > 0) {
      found = true
      await new Promise<void>((resolve) => {
        endRest = resolve
        void pause(restMs).then(resolve)
      })
    }
    sending = false
    // What came in after the last look; where the device has lost what this tab knows of, looking again is in vain.
    if (found) await sendAll()
  }

  /** The next operation as it is now, marked as tried: from here on nothing is merged into it. */
  async function take(): Promise<Operation | undefined> {
    let taken: Operation | undefined
    restMs = 0
    const mark = (others: readonly Operation[]) => (outbox: Outbox) => {
      const next = nextToSend(outbox.operations, others)
      if (next && isDue(next)) return tried(outbox, (taken = next))
      if (next) {
        restMs = backoffMs(Math.max(failures, 1), next.problem?.retry_after)
        rested = tryOf(next)
      }
      return outbox
    }
    const isRead = !nextToSend(ledger.shared()) || (await ledger.commit(mark([])))
    if (!isRead) taken = undefined
    if (!taken && restMs === 0) ledger.commitHere(mark(ledger.shared()))
    // What is on the device and cannot be marked is not sent: another tab could not tell that it was.
    if (!taken && !isRead) restMs ||= UNMARKED_WAIT_MS
    return taken
  }

  /** What failed waits, whichever tab tried it; so does what somebody else changes all the time. */
  function isDue(operation: Operation): boolean {
    const isHurried = !operation.problem && operation.tries <= HURRIED_TRIES
    return isHurried || rested === undefined || rested === tryOf(operation)
  }

  async function send(operation: Operation): Promise<void> {
    try {
      const row = await server.send(operation)
      await ledger.commitFor(operation.key, (outbox) =>
        answered(outbox, operation, row ? toServerUpdate(row) : goneNews(operation)),
      )
      failures = 0
    } catch (error) {
      const problem = toProblem(error)
      const { task } = problem
      rested = ''
      failures++
      await ledger.commitFor(operation.key, (outbox) =>
        task
          ? outdated(outbox, operation, toServerUpdate(task))
          : failed(outbox, operation.key, plain(problem), !isTemporary(problem)),
      )
    }
  }

  /** A delete is answered without a version: what we knew is gone, and the feed tells the rest. */
  function goneNews({ task_id, version = '' }: Operation): ServerUpdate {
    const known = base.tasks.get(task_id)?.updated_at ?? ''
    return { id: task_id, updated_at: known > version ? known : version, task: undefined }
  }

  return {
    sendAll,
    /** Send at once what waits for its next try: the person is here, or the network. */
    wake: (): void => {
      rested = undefined
      failures = 0
      endRest()
    },
  }
}

const tryOf = ({ key, tries }: Operation): string => `${key} ${tries}`

/** A problem as it can be kept on the device. */
function plain({ code, status, title, detail, request_id, retry_after }: ApiProblem): ProblemFields {
  return { code, status, title, detail, request_id, retry_after }
}
