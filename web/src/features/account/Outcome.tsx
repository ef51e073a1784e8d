import type { ReactNode } from 'react'
import type { MutationState } from '../../lib/use-mutation.ts'

interface OutcomeProps {
  course: MutationState
  done: ReactNode
  /** What to say instead of the problem's own words. */
  refused?: ReactNode
}

/** How it ended, told to eyes and ears; there from the start, or no screen reader would speak of it. */
export function Outcome({ course, done, refused }: OutcomeProps) {
  return (
    <>
      <output className="outcome">{course.state === 'done' && done}</output>
      <div role="alert">
        {course.state === 'refused' && <p className="notice mt-3">{refused ?? course.problem.detail}</p>}
      </div>
    </>
  )
}
