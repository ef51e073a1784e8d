import { useCallback, useState } from 'react'
import type { Task } from '#contract/task.ts'

/** Deletions that can be taken back one after another. */
const KEPT = 100

export type Deletions = ReturnType<typeof useDeletions>

/** What was deleted on this page, the latest last, and whether the offer to take it back is showing. */
export function useDeletions() {
  const [{ deleted, offered }, setState] = useState<{ deleted: readonly Task[]; offered: boolean }>({
    deleted: [],
    offered: false,
  })

  const note = useCallback(
    (task: Task) => setState((now) => ({ deleted: [...now.deleted, task].slice(-KEPT), offered: true })),
    [],
  )
  const withdraw = useCallback(() => setState((now) => ({ ...now, offered: false })), [])

  /** Takes the latest off; the one before is offered next, if the offer is showing still. */
  function takeLatest(): Task | undefined {
    const rest = deleted.slice(0, -1)
    setState({ deleted: rest, offered: offered && rest.length > 0 })
    return deleted.at(-1)
  }

  return { latest: deleted.at(-1), offered, note, withdraw, takeLatest }
}
