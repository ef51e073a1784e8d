import { formatCount } from './format-count.ts'

interface HeadlineProps {
  open: number
  /** Whether the count covers all tasks. */
  complete: boolean
  state: 'loading' | 'known' | 'unavailable'
}

/** The headline: how many tasks are open. */
export function Headline({ open, complete, state }: HeadlineProps) {
  if (state === 'loading') return <HeadlineSkeleton />
  if (state === 'unavailable') return <h1 className="inset pt-4 pb-8 text-title">Tasks</h1>
  return (
    <h1 className="headline inset">
      <span className="headline-number">
        {formatCount(open)}
        {complete ? '' : '+'}
      </span>{' '}
      <span className="headline-words">{open === 1 && complete ? 'open task' : 'open tasks'}</span>
    </h1>
  )
}

/** The headline while tasks are loading, at its final height. */
export function HeadlineSkeleton() {
  return (
    <h1 className="headline inset">
      <span className="headline-number skeleton text-transparent" aria-hidden="true">
        0
      </span>{' '}
      <span className="headline-words">open tasks</span>
    </h1>
  )
}
