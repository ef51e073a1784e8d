/** What this device keeps under `key`; nothing where the browser keeps nothing, which is no reason to fail. */
export function readSetting(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** Keep `value` under `key` on this device, where the browser lets us, or forget it. */
export function setSetting(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // It is as it was before at the next visit.
  }
}
