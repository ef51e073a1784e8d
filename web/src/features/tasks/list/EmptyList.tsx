import type { Filter, View } from '../filter.ts'

const nothing: Record<Filter, string> = {
  all: 'Nothing written yet.',
  open: 'Nothing left open.',
  done: 'Nothing ticked yet.',
}

const among: Record<Filter, string> = { all: 'No task', open: 'No open task', done: 'No done task' }

/** Why no task is shown, and the way back from a search. */
export function EmptyList({ view, onClearSearch }: { view: View; onClearSearch: () => void }) {
  const query = view.query.trim()
  return (
    <div className="nothing inset">
      {query ? (
        <>
          <p dir="auto">
            {among[view.filter]} has “{query}” in it.
          </p>
          <button type="button" className="link min-h-11" onClick={onClearSearch}>
            Clear the search
          </button>
        </>
      ) : (
        <p>{nothing[view.filter]}</p>
      )}
    </div>
  )
}
