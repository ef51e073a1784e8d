import { filterPath, filters, type Filter } from './filter.ts'

interface HeadlineProps {
  open: number
  done: number
  /** Whether all tasks have been counted. */
  complete: boolean
  /** Whether any number can be given yet, or ever will be. */
  knowledge: 'some' | 'none yet' | 'none'
  filter: Filter
  onFilter: (filter: Filter) => void
}

const labels: Record<Filter, string> = { all: 'All', open: 'Open', done: 'Done' }

/** How many tasks are open, which is the headline, and the ways to see fewer. */
export function Headline({ open, done, complete, knowledge, filter, onFilter }: HeadlineProps) {
  if (knowledge === 'none yet') return <HeadlineSkeleton />
  if (knowledge === 'none') return <h1 className="inset pt-4 pb-8 text-title">Tasks</h1>
  const counts: Record<Filter, number> = { all: open + done, open, done }
  const more = complete ? '' : '+'
  return (
    <div className="inset pb-3">
      <h1 className="headline">
        <span className="headline-number">
          {open.toLocaleString('en')}
          {more}
        </span>{' '}
        <span className="headline-words">{open === 1 && complete ? 'open task' : 'open tasks'}</span>
      </h1>
      <nav className="filters" aria-label="Which tasks">
        {filters.map((name) => (
          <a
            key={name}
            href={filterPath(name)}
            aria-current={name === filter ? 'true' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              onFilter(name)
            }}
          >
            {labels[name]}{' '}
            <span className="text-note font-normal text-ink-faint">
              {counts[name].toLocaleString('en')}
              {more}
            </span>
          </a>
        ))}
      </nav>
    </div>
  )
}

/** The headline before anything is known, as high as it will be. */
export function HeadlineSkeleton() {
  return (
    <div className="inset pb-3">
      <h1 className="headline">
        <span className="headline-number skeleton text-transparent" aria-hidden="true">
          00
        </span>{' '}
        <span className="headline-words">open tasks</span>
      </h1>
      <div className="filters h-11" />
    </div>
  )
}
