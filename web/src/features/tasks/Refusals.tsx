import type { Action } from '../../task-sync/operation.ts'
import type { Refusal } from '../../task-sync/task-store.ts'

const verbs: Record<Exclude<Action['kind'], 'change'>, string> = {
  create: 'added',
  delete: 'deleted',
  restore: 'restored',
}

/** Returns what could not be done to a task, as a past participle. */
function verbOf(action: Action): string {
  if (action.kind !== 'change') return verbs[action.kind]
  const { completed, ...text } = action.fields
  if (completed === undefined || Object.keys(text).length > 0) return 'changed'
  return completed ? 'ticked' : 'reopened'
}

interface RefusalsProps {
  refusals: readonly Refusal[]
  onRetry: (key: string) => void
  onDiscard: (key: string) => void
}

/** The operations that the server refused, each named by its task, with Retry and Discard. */
export function Refusals({ refusals, onRetry, onDiscard }: RefusalsProps) {
  return (
    <div role="alert" className="refusals">
      <ul>
        {refusals.map(({ operation: { key, title, action }, problem }) => (
          <li key={key} className="slip">
            <p>
              “{title}” could not be {verbOf(action)}. {problem.detail}
            </p>
            <span>
              <button type="button" onClick={() => onRetry(key)}>
                Retry<span className="sr-only"> {title}</span>
              </button>
              <button type="button" onClick={() => onDiscard(key)}>
                Discard<span className="sr-only"> {title}</span>
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
