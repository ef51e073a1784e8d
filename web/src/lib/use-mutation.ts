import { useRef, useState } from 'react'
import { toProblem, type ApiProblem } from './problem.ts'

export type MutationState = { state: 'idle' | 'busy' | 'done' } | { state: 'error'; problem: ApiProblem }

/** Runs one request to the server at a time and exposes its state. */
export function useMutation() {
  const [mutation, setMutation] = useState<MutationState>({ state: 'idle' })
  // State updates one render too late to stop the second of two quick clicks.
  const inFlight = useRef(false)

  /** Resolves to true when `work` succeeded, to false when it failed or another call is in flight; never rejects. */
  async function send(work: () => Promise<void>): Promise<boolean> {
    if (inFlight.current) return false
    inFlight.current = true
    setMutation({ state: 'busy' })
    try {
      await work()
      setMutation({ state: 'done' })
      return true
    } catch (error) {
      setMutation({ state: 'error', problem: toProblem(error) })
      return false
    } finally {
      inFlight.current = false
    }
  }

  return { mutation, send, busy: mutation.state === 'busy' }
}
