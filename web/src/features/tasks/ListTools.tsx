import { amount } from './amount.ts'
import type { ReactNode } from 'react'
import { filters, pathOf, type Filter, type View } from './filter.ts'

interface ListToolsProps {
  view: View
  counts: Record<Filter, number>
  /** Whether all tasks have been counted. */
  complete: boolean
  onFilter: (filter: Filter) => void
  onHelp: () => void
  children: ReactNode
}

const labels: Record<Filter, string> = { all: 'All', open: 'Open', done: 'Done' }

/** The ways to see fewer tasks, and to learn the keys. */
export function ListTools({ view, counts, complete, onFilter, onHelp, children }: ListToolsProps) {
  return (
    <div className="tools">
      <nav className="filters" aria-label="Which tasks">
        {filters.map((name) => (
          <a
            key={name}
            href={pathOf({ ...view, filter: name })}
            aria-current={name === view.filter ? 'true' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              onFilter(name)
            }}
          >
            {labels[name]}{' '}
            <span className="count">
              {amount(counts[name])}
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
