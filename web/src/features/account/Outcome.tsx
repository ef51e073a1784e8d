import type { ReactNode } from 'react'
import type { MutationState } from '../../lib/use-mutation.ts'

interface OutcomeProps {
  course: MutationState
  done: ReactNode
  /** Shown instead of the problem's own detail. */
  failed?: ReactNode
}

/** The result of a mutation. Its live regions are always present: screen readers ignore one added with its text. */
export function Outcome({ course, done, failed }: OutcomeProps) {
  return (
    <>
      <output className="outcome">{course.state === 'done' && done}</output>
      <div role="alert">
        {course.state === 'refused' && <p className="notice mt-3">{failed ?? course.problem.detail}</p>}
      </div>
    </>
  )
}
