import { useEffect, useState } from 'react'
import type { TaskSnapshot } from './task-store.ts'

/** Milliseconds before it is worth saying that something is being sent. */
const WORTH_SAYING_MS = 1_000

/** One quiet line on what the server does not know yet, or what this device may not. */
export function SyncNote({ snapshot }: { snapshot: TaskSnapshot }) {
  const [slow, setSlow] = useState(false)
  const sending = snapshot.unsent > 0

  useEffect(() => {
    if (!sending) return
    const timer = setTimeout(() => setSlow(true), WORTH_SAYING_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [sending])

  return (
    <output className="inset block text-note text-ink-soft not-empty:pb-3">
      {noteOn(snapshot) ?? (slow && 'Saving…')}
    </output>
  )
}

/** What is worth knowing while the server is out of reach. */
function noteOn({ unsent, safe, trouble, complete, readProblem }: TaskSnapshot): string | undefined {
  const changes = unsent === 1 ? '1 change' : `${unsent} changes`
  if (trouble && unsent > 0)
    return safe
      ? `${trouble.title}. ${changes} kept on this device, to be saved when the server answers.`
      : `${trouble.title}. ${changes} not saved yet; trying again. Keep this page open.`
  return complete && readProblem ? `${readProblem.title}. This is the list as this device has it.` : undefined
}
