import { amount } from './amount.ts'

interface HeadlineProps {
  open: number
  /** Whether all tasks have been counted. */
  complete: boolean
  /** Whether any number can be given yet, or ever will be. */
  knowledge: 'some' | 'none yet' | 'none'
}

/** How many tasks are open: that is the headline. */
export function Headline({ open, complete, knowledge }: HeadlineProps) {
  if (knowledge === 'none yet') return <HeadlineSkeleton />
  if (knowledge === 'none') return <h1 className="inset pt-4 pb-8 text-title">Tasks</h1>
  return (
    <h1 className="headline inset">
      <span className="headline-number">
        {amount(open)}
        {complete ? '' : '+'}
      </span>{' '}
      <span className="headline-words">{open === 1 && complete ? 'open task' : 'open tasks'}</span>
    </h1>
  )
}

/** The headline before anything is known, as high as it will be. */
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
