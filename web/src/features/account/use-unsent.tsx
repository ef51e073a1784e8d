import { useEffect, useId, useRef, useState } from 'react'
import { currentUserId } from '../../lib/current-user.ts'
import { countUnsent } from '../../task-sync/local-data.ts'

const LOOKS = 6
const LOOK_EVERY_MS = 250

/**
 * Guards what ends in `logOut`: `unlessUnsent(go)` goes at once when the server knows everything, and asks first when
 * it does not; it is `looking` meanwhile. `question` is to be drawn.
 */
export function useUnsent() {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [looking, setLooking] = useState(false)
  const [held, setHeld] = useState<{ count: number; go: () => void }>()

  useEffect(() => {
    if (held) dialog.current?.showModal()
  }, [held])

  async function unlessUnsent(go: () => void): Promise<void> {
    const id = currentUserId() ?? ''
    setLooking(true)
    let count = await countUnsent(id)
    // What is on its way has a moment to arrive.
    for (let looks = 0; count > 0 && looks < LOOKS; looks++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      count = await countUnsent(id)
    }
    setLooking(false)
    if (count > 0) setHeld({ count, go })
    else go()
  }

  function lose(): void {
    setHeld(undefined)
    held?.go()
  }

  const question = held && (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={() => setHeld(undefined)}>
      <h2 id={title}>
        {held.count === 1 ? 'One change is not saved yet.' : `${held.count} changes are not saved yet.`}
      </h2>
      <p className="mt-3">
        {held.count === 1 ? 'It has' : 'They have'} not reached the server yet. Logging out removes everything
        stored on this device.
      </p>
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Stay logged in
        </button>
        <button type="button" className="button button-danger" onClick={lose}>
          Log out and lose {held.count === 1 ? 'it' : 'them'}
        </button>
      </div>
    </dialog>
  )

  return { unlessUnsent, looking, question }
}
