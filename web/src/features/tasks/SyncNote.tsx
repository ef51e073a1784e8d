import { useEffect, useState } from 'react'
import type { TaskSnapshot } from './task-store.ts'

/** Milliseconds before it is worth saying that something is being sent. */
const WORTH_SAYING_MS = 1_000

/** One quiet line on what the server does not know yet. */
export function SyncNote({ unsent, trouble }: Pick<TaskSnapshot, 'unsent' | 'trouble'>) {
  const [slow, setSlow] = useState(false)
  const sending = unsent > 0

  useEffect(() => {
    if (!sending) return
    const timer = setTimeout(() => setSlow(true), WORTH_SAYING_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [sending])

  const changes = unsent === 1 ? '1 change' : `${unsent} changes`
  const text = trouble
    ? `${trouble.title}. ${changes} not saved yet; trying again. Keep this page open.`
    : slow && 'Saving…'
  return <output className="inset block text-note text-ink-soft not-empty:pb-3">{text}</output>
}
