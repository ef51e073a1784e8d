import { RESTORE_DAYS } from '#contract/limits.ts'
import type { TaskPage } from '#contract/task.ts'
import type { TaskRemote } from './remote.ts'
import { toServerUpdate } from './replica.ts'
import type { TabState } from './tab-state.ts'

const DAY_MS = 86_400_000
/** Age from which the feed may lack deletions; a day less than the server's, as clocks differ. */
const MAX_CURSOR_AGE_MS = (RESTORE_DAYS - 1) * DAY_MS

interface PullDeps {
  remote: TaskRemote
  tab: TabState
  now: () => number
}

/** Creates the functions that read the server's list and changes feed into the replica. */
export function createPull({ remote, tab, now }: PullDeps) {
  const { replica } = tab
  let running: Promise<void> | undefined

  /** Reads the first page: `first` if the document brought it, otherwise from the server if nothing is known yet. */
  async function readFirstPage(first?: TaskPage): Promise<void> {
    if (!first && (replica.cursor.complete || replica.tasks.size > 0)) return
    const { tasks, next_cursor } = first ?? (await remote.readPage())
    tab.receive(tasks.map(toServerUpdate), next_cursor === null ? { complete: true } : {})
  }

  /**
   * Reads the changes feed to its end. From its beginning the feed is the whole list, so no change can fall between
   * reading the list and following it.
   */
  async function readChanges(): Promise<void> {
    let { since } = replica.cursor
    const isTooOld = since !== undefined && Date.parse(since.slice(0, 24)) < now() - MAX_CURSOR_AGE_MS
    const unseen = new Set(isTooOld ? replica.tasks.keys() : [])
    if (isTooOld) since = undefined
    for (let more = true; more;) {
      const page = await remote.readChanges(since)
      if (tab.isLoggedOut()) return
      for (const { id } of page.tasks) unseen.delete(id)
      since = page.next_since
      more = page.has_more
      // A second reading that breaks off must start over: what it has not reached is not known to be right.
      const cursor = !more ? { since, complete: true } : isTooOld ? {} : { since }
      tab.receive(page.tasks.map(toServerUpdate), cursor)
    }
    const purged = [...unseen].flatMap((id) => replica.tasks.get(id) ?? [])
    tab.receive(purged.map(({ id, updated_at }) => ({ id, updated_at, task: undefined })))
  }

  return {
    readFirstPage,
    /** Runs once at a time: calls that come meanwhile share the result. */
    readChanges: (): Promise<void> => (running ??= readChanges().finally(() => (running = undefined))),
  }
}
