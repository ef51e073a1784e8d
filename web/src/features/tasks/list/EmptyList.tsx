import type { Filter, View } from '../filter.ts'

const emptyTexts: Record<Filter, string> = {
  all: 'Nothing written yet.',
  open: 'Nothing left open.',
  done: 'Nothing ticked yet.',
}

const searchSubjects: Record<Filter, string> = { all: 'No task', open: 'No open task', done: 'No done task' }

/** Says why the list is empty, with a button to clear a search. */
export function EmptyList({ view, onClearSearch }: { view: View; onClearSearch: () => void }) {
  const query = view.query.trim()
  return (
    <div className="nothing inset">
      {query ? (
        <>
          <p dir="auto">
            {searchSubjects[view.filter]} has “{query}” in it.
          </p>
          <button type="button" className="link min-h-11" onClick={onClearSearch}>
            Clear the search
          </button>
        </>
      ) : (
        <p>{emptyTexts[view.filter]}</p>
      )}
    </div>
  )
}
