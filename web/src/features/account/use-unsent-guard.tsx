import { useEffect, useId, useRef, useState } from 'react'
import { currentUserId } from '../../lib/current-user.ts'
import { countUnsent } from '../../task-sync/local-data.ts'

/** How often unsent changes are counted again, since a push may be in flight, and milliseconds between two counts. */
const RECOUNTS_MAX = 6
const RECOUNT_INTERVAL_MS = 250

/**
 * Asks before an action that would lose unsent changes, such as logging out. `runGuarded(action)` runs it at once when
 * the server has every change; otherwise `dialog`, which the caller renders, asks first. `checking` is true until that
 * is known.
 */
export function useUnsentGuard() {
  const element = useRef<HTMLDialogElement>(null)
  const headingId = useId()
  const [checking, setChecking] = useState(false)
  const [blocked, setBlocked] = useState<{ count: number; action: () => void }>()

  useEffect(() => {
    if (blocked) element.current?.showModal()
  }, [blocked])

  async function runGuarded(action: () => void): Promise<void> {
    const id = currentUserId() ?? ''
    setChecking(true)
    let count = await countUnsent(id)
    for (let recounts = 0; count > 0 && recounts < RECOUNTS_MAX; recounts++) {
      await new Promise((resolve) => setTimeout(resolve, RECOUNT_INTERVAL_MS))
      count = await countUnsent(id)
    }
    setChecking(false)
    if (count > 0) setBlocked({ count, action })
    else action()
  }

  function discard(): void {
    setBlocked(undefined)
    blocked?.action()
  }

  const dialog = blocked && (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={headingId}
      onClose={() => setBlocked(undefined)}
    >
      <h2 id={headingId}>
        {blocked.count === 1 ? 'One change is not saved yet.' : `${blocked.count} changes are not saved yet.`}
      </h2>
      <p className="mt-3">
        {blocked.count === 1 ? 'It has' : 'They have'} not reached the server yet. Logging out removes
        everything stored on this device.
      </p>
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="button" className="button" onClick={() => element.current?.close()}>
          Stay logged in
        </button>
        <button type="button" className="button button-danger" onClick={discard}>
          Log out and lose {blocked.count === 1 ? 'it' : 'them'}
        </button>
      </div>
    </dialog>
  )

  return { runGuarded, checking, dialog }
}
