import type { ReactNode } from 'react'
import { filters, viewPath, type Filter, type View } from './filter.ts'
import { formatCount } from './format-count.ts'

interface ListToolsProps {
  view: View
  counts: Record<Filter, number>
  /** Whether the counts cover all tasks. */
  complete: boolean
  onFilter: (filter: Filter) => void
  onHelp: () => void
  children: ReactNode
}

const labels: Record<Filter, string> = { all: 'All', open: 'Open', done: 'Done' }

/** The filters with their counts, the search, and the button for the help. */
export function ListTools({ view, counts, complete, onFilter, onHelp, children }: ListToolsProps) {
  return (
    <div className="tools">
      <nav className="filters" aria-label="Which tasks">
        {filters.map((name) => (
          <a
            key={name}
            href={viewPath({ ...view, filter: name })}
            aria-current={name === view.filter ? 'true' : undefined}
            onClick={(event) => {
              // A click with a modifier opens a tab or a window, as on any link.
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              onFilter(name)
            }}
          >
            {labels[name]}{' '}
            <span className="count">
              {formatCount(counts[name])}
              {complete ? '' : '+'}
            </span>
          </a>
        ))}
      </nav>
      {children}
      <button type="button" className="help-button" aria-label="Keys" aria-haspopup="dialog" onClick={onHelp}>
        ?
      </button>
    </div>
  )
}
