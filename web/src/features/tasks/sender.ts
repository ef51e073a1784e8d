import { ApiProblem, networkProblem, type ProblemFields } from '../../lib/problem.ts'
import { newsOf, type Base, type News } from './base.ts'
import type { Device } from './device.ts'
import type { Ledger } from './ledger.ts'
import type { Operation } from './operation.ts'
import { answered, failed, nextToSend, outdated, tried } from './outbox.ts'
import { isTemporary, waitMs } from './retry.ts'
import type { TaskServer } from './task-store.ts'

/** Tries that follow one another at once when the task was changed in between. */
const HURRIED_TRIES = 3

interface Ways {
  server: TaskServer
  device: Device
  base: Base
  ledger: Ledger
  /** Resolves after that many milliseconds, or sooner when there is reason to try again. */
  pause: (ms: number) => Promise<void>
}

/** Sends what is in the outbox, one operation after another, in one tab at a time; returns the way to start it. */
export function createSender({ server, device, base, ledger, pause }: Ways) {
  let sending = false

  const hasMore = (): boolean => nextToSend(ledger.shared()) !== undefined && !ledger.isGone()

  async function sendAll(): Promise<void> {
    if (sending || !hasMore()) return
    sending = true
    await device.alone('send', async () => {
      for (let operation = await take(); operation; operation = await take()) await send(operation)
    })
    sending = false
    // What came in after the last look.
    await sendAll()
  }

  /** The next operation as it is on the device now, marked as tried: from here on nothing is merged into it. */
  async function take(): Promise<Operation | undefined> {
    let taken: Operation | undefined
    await ledger.commit((outbox) => {
      taken = nextToSend(outbox.operations)
      return taken ? tried(outbox, taken) : outbox
    })
    return taken
  }

  async function send(operation: Operation): Promise<void> {
    try {
      const row = await server.send(operation)
      await ledger.commit((outbox) => answered(outbox, operation, row ? newsOf(row) : goneNews(operation)))
    } catch (error) {
      const problem = problemFrom(error)
      const { task } = problem
      if (task) {
        await ledger.commit((outbox) => outdated(outbox, operation, newsOf(task)))
        // Somebody else changes it all the time: let them.
        if (operation.tries >= HURRIED_TRIES) await pause(waitMs(operation.tries, problem))
        return
      }
      const isRefused = !isTemporary(problem)
      await ledger.commit((outbox) => failed(outbox, operation.key, plain(problem), isRefused))
      if (!isRefused) await pause(waitMs(operation.tries + 1, problem))
    }
  }

  /** A delete is answered without a version: what we knew is gone, and the feed tells the rest. */
  function goneNews({ task_id, version = '' }: Operation): News {
    const known = base.tasks.get(task_id)?.updated_at ?? ''
    return { id: task_id, updated_at: known > version ? known : version, task: undefined }
  }

  return sendAll
}

export function problemFrom(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : networkProblem(error)
}

/** A problem as it can be kept on the device. */
function plain({ code, status, title, detail, request_id }: ApiProblem): ProblemFields {
  return { code, status, title, detail, request_id }
}
