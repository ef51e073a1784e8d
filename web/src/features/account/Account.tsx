import { useState } from 'react'
import { readPageSession } from '../../lib/page-session.ts'
import { logOut } from './log-out.ts'
import { useUnsent } from './use-unsent.tsx'

const user = readPageSession()?.user

/** Who is here, and the way out. */
export function Account() {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')

  const { unlessUnsent, looking, question } = useUnsent()
  const busy = looking || state === 'busy'

  function leave(): void {
    setState('busy')
    logOut().catch(() => setState('failed'))
  }

  return (
    <>
      {/* Before the links, which stay where they are when it comes. */}
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
          if (!busy) void unlessUnsent(leave)
        }}
      >
        {busy ? 'Logging out…' : 'Log out'}
      </button>
      {question}
    </>
  )
}
