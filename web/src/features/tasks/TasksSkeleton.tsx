import { HeadlineSkeleton } from './Headline.tsx'

const widths = ['w-3/5', 'w-2/5', 'w-4/5', 'w-1/2', 'w-2/3', 'w-1/3']

/** The page while tasks are loading, each part at its final height. */
export function TasksSkeleton() {
  return (
    <div className="tasks-app">
      <HeadlineSkeleton />
      <ToolsSkeleton />
      <div className="add-row" />
      <SkeletonRows />
      <div className="blank-lines" />
    </div>
  )
}

/** The row of filters and search, empty. */
export function ToolsSkeleton() {
  return (
    <div className="tools">
      <div className="filters" />
      <div className="search" />
    </div>
  )
}

/** Placeholders for rows that are loading. */
export function SkeletonRows() {
  return (
    <div className="task-list">
      <output className="sr-only">Loading tasks…</output>
      {widths.map((width) => (
        <div key={width} className="task-row" aria-hidden="true">
          <span />
          <span className="flex items-center px-(--gutter)">
            <span className={`skeleton h-4 ${width}`} />
          </span>
        </div>
      ))}
    </div>
  )
}
