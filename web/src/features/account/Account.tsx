import { useState } from 'react'
import { readPageSession } from '../../lib/page-session.ts'
import { logOut } from './log-out.ts'
import { useUnsentGuard } from './use-unsent-guard.tsx'

const user = readPageSession()?.user

/** The user's name and the Log out button. */
export function Account() {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')

  const { runGuarded, checking, dialog } = useUnsentGuard()
  const busy = checking || state === 'busy'

  function logOutNow(): void {
    setState('busy')
    logOut().catch(() => setState('failed'))
  }

  return (
    <>
      {/* Ordered before the links, so that they do not move when it appears. */}
      {user && (
        <span className="order-first hidden max-w-48 truncate text-ink-faint md:block" title={user.email}>
          {user.name}
        </span>
      )}
      <span role="alert" className="text-note text-danger empty:hidden">
        {state === 'failed' && 'Could not log you out. Try again.'}
      </span>
      <button
        type="button"
        className="quiet-link"
        aria-busy={busy}
        onClick={() => {
          if (!busy) void runGuarded(logOutNow)
        }}
      >
        {busy ? 'Logging out…' : 'Log out'}
      </button>
      {dialog}
    </>
  )
}
