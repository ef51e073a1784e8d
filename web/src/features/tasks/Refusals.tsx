import type { Operation } from './operation.ts'
import type { Refusal } from './task-store.ts'

const verbs: Record<Operation['action']['kind'], string> = {
  create: 'added',
  change: 'changed',
  complete: 'ticked',
  delete: 'deleted',
  restore: 'brought back',
}

interface RefusalsProps {
  refusals: readonly Refusal[]
  onRetry: (key: string) => void
  onDiscard: (key: string) => void
}

/** What the server would not do, each by the task's name, to be tried again or given up. */
export function Refusals({ refusals, onRetry, onDiscard }: RefusalsProps) {
  return (
    <div role="alert">
      <ul className="inset grid gap-2 not-empty:pb-4">
        {refusals.map(({ operation: { key, title, action }, problem }) => (
          <li key={key} className="notice flex flex-wrap items-baseline gap-x-5">
            <p className="min-w-0 flex-1 basis-60">
              <strong>
                “{title}” could not be {verbs[action.kind]}.
              </strong>{' '}
              {problem.detail}
            </p>
            <span className="flex gap-5">
              <button type="button" className="link min-h-11" onClick={() => onRetry(key)}>
                Retry<span className="sr-only"> {title}</span>
              </button>
              <button type="button" className="link min-h-11" onClick={() => onDiscard(key)}>
                Discard<span className="sr-only"> {title}</span>
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
