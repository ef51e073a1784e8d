import { useEffect, useState, useSyncExternalStore } from 'react'
import { subscribeToConnection } from '../../lib/connection.ts'
import type { TaskSnapshot } from '../../task-sync/task-store.ts'

/** Milliseconds that sending may take before the page says so. */
const SLOW_AFTER_MS = 1_000

/** One line about changes not saved yet, or about a list that may be out of date. */
export function SyncNote({ snapshot }: { snapshot: TaskSnapshot }) {
  const [slow, setSlow] = useState(false)
  const online = useSyncExternalStore(subscribeToConnection, () => navigator.onLine)
  const { unsent, complete, pushProblem, readProblem } = snapshot
  const sending = unsent > 0

  useEffect(() => {
    if (!sending) return
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [sending])

  const problem = (sending && pushProblem) || (complete && readProblem)
  const state = online ? problem && problem.title : 'No connection'
  const detail = state ? explain(snapshot) : slow && 'Saving…'
  return (
    <p className={state || detail ? 'sync-note' : undefined}>
      {/* Only the state is in the live region: the count would be read out with each change. */}
      <output>{state && `${state}.`}</output> {detail}
    </p>
  )
}

/** Explains what an unreachable server means for the changes and the list. */
function explain({ unsent, persisted, complete }: TaskSnapshot): string | undefined {
  const changes = unsent === 1 ? '1 change' : `${unsent} changes`
  if (unsent === 0) return complete ? 'This is the list as this device has it.' : undefined
  return persisted
    ? `${changes} kept on this device, to be saved when the server answers.`
    : `${changes} not saved yet; trying again. Keep this page open.`
}
