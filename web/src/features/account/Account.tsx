import { useState } from 'react'
import { readPageSession } from '../../lib/page-session.ts'
import { logOut } from './log-out.ts'
import { useUnsent } from './use-unsent.tsx'

const user = readPageSession()?.user

/** Who is here, and the way out. */
export function Account() {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')

  const { unlessUnsent, question } = useUnsent()

  function leave(): void {
    if (state === 'busy') return
    setState('busy')
    logOut().catch(() => setState('failed'))
  }

  return (
    <div className="flex min-w-0 items-center gap-4">
      {user && (
        <span className="hidden max-w-48 truncate text-ink-faint md:block" title={user.email}>
          {user.name}
        </span>
      )}
      <span role="alert" className="text-note text-danger">
        {state === 'failed' && 'Could not log you out. Try again.'}
      </span>
      <button
        type="button"
        className="quiet-link"
        aria-busy={state === 'busy'}
        onClick={() => void unlessUnsent(leave)}
      >
        {state === 'busy' ? 'Logging out…' : 'Log out'}
      </button>
      {question}
    </div>
  )
}
