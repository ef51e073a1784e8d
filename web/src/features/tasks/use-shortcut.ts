import { useEffect } from 'react'

const WRITING = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'

/** Runs `action` on a key pressed alone, unless something is being written. `action` must stay the same. */
export function useShortcut(key: string, action: () => void): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const { altKey, ctrlKey, metaKey, target } = event
      if (event.key.toLowerCase() !== key || altKey || ctrlKey || metaKey) return
      if (target instanceof Element && target.closest(WRITING)) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [key, action])
}
