let isPressed = false

addEventListener('pointerdown', () => (isPressed = true), { capture: true })
for (const end of ['pointerup', 'pointercancel'])
  addEventListener(end, () => (isPressed = false), { capture: true })

/** Runs `action` once no pointer is down, so that it cannot move the target of a click away from under it. */
export function afterPress(action: () => void): void {
  if (!isPressed) return action()
  const controller = new AbortController()
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(end, finish, { signal: controller.signal })
  function finish(): void {
    controller.abort()
    // The click event follows the pointerup.
    setTimeout(action)
  }
}
