import { useEffect, useRef } from 'react'
import type { MutationState } from '../../lib/use-mutation.ts'
import { isWrongPassword } from './account-server.ts'

/** Returns the error for a password that the server rejected. The input with the ref `field` is focused then. */
export function useWrongPassword(mutation: MutationState) {
  const field = useRef<HTMLInputElement>(null)
  const problem =
    mutation.state === 'error' && isWrongPassword(mutation.problem) ? mutation.problem : undefined

  useEffect(() => {
    if (problem) field.current?.focus()
  }, [problem])

  return { wrong: problem?.detail, field }
}
