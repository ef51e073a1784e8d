import { useEffect, useRef, useState } from 'react'
import type { Session } from '#contract/session.ts'
import { api } from '../../lib/api.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { forgetUser, logOut } from './log-out.ts'
import { Outcome } from './Outcome.tsx'
import { SessionRow } from './SessionRow.tsx'
import { useUnsentGuard } from './use-unsent-guard.tsx'

/** The user's sessions, read again whenever `revision` changes. */
export function Sessions({ revision }: { revision: number }) {
  const [sessions, setSessions] = useState<Session[]>()
  const reading = useMutation()
  const ending = useMutation()
  const { runGuarded, checking, dialog } = useUnsentGuard()
  const unread = reading.mutation.state === 'error'
  const list = useRef<HTMLUListElement>(null)

  async function read(): Promise<void> {
    const response = await api.account.sessions.$get()
    setSessions((await response.json()).sessions)
  }

  // oxlint-disable-next-line react-hooks/exhaustive-deps -- reads once per revision
  useEffect(() => void reading.send(read), [revision])

  async function end({ id }: Session): Promise<void> {
    const done = await ending.send(async () => {
      await api.account.sessions[':id'].$delete({ param: { id } })
      setSessions((known) => known?.filter((session) => session.id !== id))
    })
    // The button that had the focus has been removed.
    if (done) list.current?.focus()
  }

  async function endAll(): Promise<void> {
    await ending.send(async () => {
      await api.account.sessions.$delete()
      // First, since the sessions have ended even if logging out fails.
      await forgetUser()
      await logOut()
    })
  }

  return (
    <>
      {!sessions && !unread && <p className="skeleton h-18" aria-hidden="true" />}
      {sessions && (
        <ul className="sessions" aria-label="Sessions" tabIndex={-1} ref={list}>
          {sessions.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              busy={ending.busy}
              onRevoke={() => void end(session)}
            />
          ))}
        </ul>
      )}
      <Outcome mutation={reading.mutation} done={undefined} />
      {unread && (
        <button type="button" className="button button-plain mt-3" onClick={() => void reading.send(read)}>
          Try again
        </button>
      )}
      {(sessions || !unread) && (
        <div className="mt-4">
          <button
            type="button"
            className="button button-plain"
            aria-busy={ending.busy || checking}
            onClick={() => {
              if (!checking) void runGuarded(() => void endAll())
            }}
          >
            Log out everywhere
          </button>
          {dialog}
          <p className="field-hint mt-3">
            A session you end can no longer change your account. It may still use your tasks for up to 20
            minutes.
          </p>
        </div>
      )}
      <Outcome mutation={ending.mutation} done="That session has ended." />
    </>
  )
}
