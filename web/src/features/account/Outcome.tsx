import type { ReactNode } from 'react'
import type { MutationState } from '../../lib/use-mutation.ts'

interface OutcomeProps {
  mutation: MutationState
  done: ReactNode
  /** Shown instead of the problem's own detail. */
  failed?: ReactNode
}

/** The result of a mutation. Its live regions are always present: screen readers ignore one added with its text. */
export function Outcome({ mutation, done, failed }: OutcomeProps) {
  return (
    <>
      <output className="outcome">{mutation.state === 'done' && done}</output>
      <div role="alert">
        {mutation.state === 'error' && <p className="notice mt-3">{failed ?? mutation.problem.detail}</p>}
      </div>
    </>
  )
}
