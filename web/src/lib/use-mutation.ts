import { useRef, useState } from 'react'
import { toProblem, type ApiProblem } from './problem.ts'

export type MutationState = { state: 'idle' | 'busy' | 'done' } | { state: 'refused'; problem: ApiProblem }

/** The course of something that is asked of the server: once at a time, and how it ended. */
export function useMutation() {
  const [course, setCourse] = useState<MutationState>({ state: 'idle' })
  // State comes a render too late to stop the second of two quick clicks.
  const inFlight = useRef(false)

  /** Resolves with whether it was done; never rejects. */
  async function send(work: () => Promise<void>): Promise<boolean> {
    if (inFlight.current) return false
    inFlight.current = true
    setCourse({ state: 'busy' })
    try {
      await work()
      setCourse({ state: 'done' })
      return true
    } catch (error) {
      setCourse({ state: 'refused', problem: toProblem(error) })
      return false
    } finally {
      inFlight.current = false
    }
  }

  return { course, send, busy: course.state === 'busy' }
}
