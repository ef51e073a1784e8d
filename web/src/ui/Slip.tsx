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
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  const held = pointed || focused

  useEffect(() => {
    if (held) return
    const timer = setTimeout(onGone, stays)
    return () => clearTimeout(timer)
  }, [held, stays, onGone])

  return (
    <div
      className="slip"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <p>{children}</p>
      <button type="button" onClick={action.run}>
        {action.label}
      </button>
    </div>
  )
}
