import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** False in the HTML made at build time and until React has taken it over. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
