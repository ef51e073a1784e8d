import { useEffect, useState, type ReactNode } from 'react'

interface SlipProps {
  children: ReactNode
  action: { label: string; run: () => void }
  /** Milliseconds it stays; it waits while it is pointed at or holds the focus. */
  stays?: number
  onGone: () => void
}

/** A slip of paper over the foot of the page: something happened, and can still be taken back. */
export function Slip({ children, action, stays = 10_000, onGone }: SlipProps) {
  const [held, setHeld] = useState(false)

  useEffect(() => {
    if (held) return
    const timer = setTimeout(onGone, stays)
    return () => clearTimeout(timer)
  }, [held, stays, onGone])

  return (
    <div
      className="slip"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{children}</p>
      <button type="button" onClick={action.run}>
        {action.label}
      </button>
    </div>
  )
}
