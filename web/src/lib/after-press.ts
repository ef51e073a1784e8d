let isPressed = false

addEventListener('pointerdown', () => (isPressed = true), { capture: true })
for (const end of ['pointerup', 'pointercancel'])
  addEventListener(end, () => (isPressed = false), { capture: true })

/** Runs `action` once no pointer is down: what it moves must not slip away from under a click. */
export function afterPress(action: () => void): void {
  if (!isPressed) return action()
  const ended = new AbortController()
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, finish, { signal: ended.signal })
  function finish(): void {
    ended.abort()
    // The click itself comes right after.
    setTimeout(action)
  }
}
