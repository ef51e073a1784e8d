import type { ProblemFields } from '../../lib/problem.ts'

interface LoadProblemProps {
  problem: ProblemFields
  /** Whether part of the list has been loaded. */
  isPartial: boolean
  onRetry: () => void
}

/** Says why the list could not be loaded, with a button to try again. */
export function LoadProblem({ problem, isPartial, onRetry }: LoadProblemProps) {
  return (
    <div role="alert" className="inset border-t border-line py-6">
      <p className="font-semibold">{isPartial ? 'Some of your' : 'Your'} tasks could not be read.</p>
      <p className="mt-1 text-ink-soft">{problem.detail}</p>
      {problem.request_id && <p className="mt-1 text-note text-ink-faint">Request {problem.request_id}</p>}
      <button type="button" className="button mt-4" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
