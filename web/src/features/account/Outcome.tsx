import type { ReactNode } from 'react'
import type { MutationState } from '../../lib/use-mutation.ts'

interface OutcomeProps {
  mutation: MutationState
  done: ReactNode
  /** What to say instead of the problem's own words. */
  refused?: ReactNode
}

/** How it ended, told to eyes and ears; there from the start, or no screen reader would speak of it. */
export function Outcome({ mutation, done, refused }: OutcomeProps) {
  return (
    <>
      <output className="outcome">{mutation.state === 'done' && done}</output>
      <div role="alert">
        {mutation.state === 'error' && <p className="notice mt-3">{refused ?? mutation.problem.detail}</p>}
      </div>
    </>
  )
}
