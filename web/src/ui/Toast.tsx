import { useEffect, useState, type ReactNode } from 'react'

interface ToastProps {
  children: ReactNode
  action: { label: string; run: () => void }
  /** Milliseconds until it is dismissed; the timer stops while it is hovered or holds the focus. */
  durationMs?: number
  onDismiss: () => void
}

/** A short message at the foot of the window, with one action. */
export function Toast({ children, action, durationMs = 10_000, onDismiss }: ToastProps) {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  const paused = hovered || focused

  useEffect(() => {
    if (paused) return
    const timer = setTimeout(onDismiss, durationMs)
    return () => clearTimeout(timer)
  }, [paused, durationMs, onDismiss])

  return (
    <div
      className="slip"
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
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
