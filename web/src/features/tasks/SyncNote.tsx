import { useEffect, useState, useSyncExternalStore } from 'react'
import { followConnection } from '../../lib/connection.ts'
import type { TaskSnapshot } from '../../task-sync/task-store.ts'

/** Milliseconds before it is worth saying that something is being sent. */
const WORTH_SAYING_MS = 1_000

/** One quiet line on what the server does not know yet, or what this device may not. */
export function SyncNote({ snapshot }: { snapshot: TaskSnapshot }) {
  const [slow, setSlow] = useState(false)
  const online = useSyncExternalStore(followConnection, () => navigator.onLine)
  const { unsent, complete, pushProblem, readProblem } = snapshot
  const sending = unsent > 0

  useEffect(() => {
    if (!sending) return
    const timer = setTimeout(() => setSlow(true), WORTH_SAYING_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [sending])

  const problem = (sending && pushProblem) || (complete && readProblem)
  const state = online ? problem && problem.title : 'No connection'
  const meaning = state ? meaningFor(snapshot) : slow && 'Saving…'
  return (
    <p className={state || meaning ? 'sync-note' : undefined}>
      {/* Read out: the state alone, once. What it means for how much changes with each change. */}
      <output>{state && `${state}.`}</output> {meaning}
    </p>
  )
}

/** What it means that the server is out of reach. */
function meaningFor({ unsent, persisted, complete }: TaskSnapshot): string | undefined {
  const changes = unsent === 1 ? '1 change' : `${unsent} changes`
  if (unsent === 0) return complete ? 'This is the list as this device has it.' : undefined
  return persisted
    ? `${changes} kept on this device, to be saved when the server answers.`
    : `${changes} not saved yet; trying again. Keep this page open.`
}
