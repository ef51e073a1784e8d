import { RESTORE_DAYS } from '#contract/limits.ts'
import type { TaskPage } from '#contract/task.ts'
import { toServerUpdate, type Replica } from './replica.ts'
import type { SharedOutbox } from './shared-outbox.ts'
import type { TaskRemote } from './remote.ts'

const DAY_MS = 86_400_000
/** Milliseconds after which the feed may have forgotten what was deleted; a day early, for clocks differ. */
const FEED_REACHES_MS = (RESTORE_DAYS - 1) * DAY_MS

interface Ways {
  server: TaskRemote
  base: Replica
  ledger: SharedOutbox
  now: () => number
}

/** Reads what the server has; returns the ways to do so. */
export function createPull({ server, base, ledger, now }: Ways) {
  let reading: Promise<void> | undefined

  /** Show the first page: `first` when it came with the document, else one that is asked for if nothing is known. */
  async function readFirst(first?: TaskPage): Promise<void> {
    if (!first && (ledger.place().complete || base.tasks.size > 0)) return
    const { tasks, next_cursor } = first ?? (await server.readPage())
    ledger.learn(tasks.map(toServerUpdate), next_cursor === null ? { complete: true } : {})
  }

  /**
   * Follow the feed of changes to its end. Read from its beginning it is the whole list, so there is no moment between
   * reading the list and following it in which a change could be missed.
   */
  async function follow(): Promise<void> {
    let { since } = ledger.place()
    const isForgotten = since !== undefined && Date.parse(since.slice(0, 24)) < now() - FEED_REACHES_MS
    const unseen = new Set(isForgotten ? base.tasks.keys() : [])
    if (isForgotten) since = undefined
    for (let more = true; more;) {
      const page = await server.readChanges(since)
      if (ledger.isGone()) return
      for (const { id } of page.tasks) unseen.delete(id)
      since = page.next_since
      more = page.has_more
      // A place in the middle of a second reading is no place to go on from: the rest is not known to be right.
      ledger.learn(
        page.tasks.map(toServerUpdate),
        !more ? { since, complete: true } : isForgotten ? {} : { since },
      )
    }
    const purged = [...unseen].flatMap((id) => base.tasks.get(id) ?? [])
    ledger.learn(purged.map(({ id, updated_at }) => ({ id, updated_at, task: undefined })))
  }

  return {
    readFirst,
    /** One reading at a time, however many ask. */
    follow: (): Promise<void> => (reading ??= follow().finally(() => (reading = undefined))),
  }
}
