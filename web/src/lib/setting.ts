/** Returns the value stored on this device under `key`; undefined when there is none or storage is blocked. */
export function readSetting(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    // Access to localStorage throws when the browser blocks it; the defaults apply then.
    return undefined
  }
}

/** Stores `value` on this device under `key`, or removes it; does nothing when storage is blocked. */
export function setSetting(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Blocked or full: the setting lasts until the page is closed.
  }
}
