import { useSyncExternalStore } from 'react'

const subscribeToNothing = () => () => {}

/** Returns false in the HTML made at build time and until React has hydrated it. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  )
}
