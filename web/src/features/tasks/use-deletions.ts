import { useCallback, useState } from 'react'
import type { Task } from '#contract/task.ts'

/** How many deletions can be undone one after another. */
const MAX_UNDO = 100

export type Deletions = ReturnType<typeof useDeletions>

/** The undo stack of this page's deletions, and whether the offer to undo the latest is shown. */
export function useDeletions() {
  const [{ deleted, offered }, setState] = useState<{ deleted: readonly Task[]; offered: boolean }>({
    deleted: [],
    offered: false,
  })

  const record = useCallback(
    (task: Task) =>
      setState((state) => ({ deleted: [...state.deleted, task].slice(-MAX_UNDO), offered: true })),
    [],
  )
  const dismiss = useCallback(() => setState((state) => ({ ...state, offered: false })), [])

  /** Removes the latest from the stack and returns it; while the offer is shown, the one before is offered next. */
  function takeLatest(): Task | undefined {
    const rest = deleted.slice(0, -1)
    setState({ deleted: rest, offered: offered && rest.length > 0 })
    return deleted.at(-1)
  }

  return { latest: deleted.at(-1), offered, record, dismiss, takeLatest }
}
