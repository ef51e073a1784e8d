import type { Session } from '#contract/session.ts'
import { describeUserAgent } from './user-agent.ts'

const DATE_TIME = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

interface SessionRowProps {
  session: Session
  busy: boolean
  onRevoke: () => void
}

export function SessionRow({ session, busy, onRevoke }: SessionRowProps) {
  const { user_agent, ip_address, created_at, expires_at, current } = session
  const device = describeUserAgent(user_agent)
  return (
    <li>
      <div className="min-w-0">
        <p className="font-semibold">
          {device} {current && <span className="here">this device</span>}
        </p>
        <p className="text-note text-ink-soft">
          Since <time dateTime={created_at}>{DATE_TIME.format(new Date(created_at))}</time>
          {ip_address && ` from ${ip_address}`}, until{' '}
          <time dateTime={expires_at}>{DATE_TIME.format(new Date(expires_at))}</time>
        </p>
      </div>
      {!current && (
        <button type="button" className="link min-h-11" aria-busy={busy} onClick={onRevoke}>
          Revoke<span className="sr-only"> {device}</span>
        </button>
      )}
    </li>
  )
}
