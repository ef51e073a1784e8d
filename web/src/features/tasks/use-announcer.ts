import { amount } from './amount.ts'
import { useEffect, useState } from 'react'
import type { Deletions } from './use-deletions.ts'

/** Milliseconds of quiet before something is said: the last word of what goes on, not each. */
const SETTLED_MS = 500

interface Going {
  open: number
  done: number
  complete: boolean
  query: string
  found: number
  deletions: Pick<Deletions, 'latest' | 'offered'>
}

/** What a screen reader is told when counts, results of a search or deletions have settled, in one sentence or two. */
export function useAnnouncer({ open, done, complete, query, found, deletions }: Going): string {
  const [said, setSaid] = useState('')
  const tally = complete ? `${amount(open)} open, ${amount(done)} done.` : ''
  const results = query.trim() && `${found === 1 ? '1 task' : `${amount(found)} tasks`} found.`
  const deleted = deletions.offered && deletions.latest ? `Deleted ${deletions.latest.title}.` : ''
  const [told, setTold] = useState({ tally, results, deleted })

  useEffect(() => {
    const timer = setTimeout(() => {
      setTold({ tally, results, deleted })
      const news = [
        deleted !== told.deleted && deleted,
        tally !== told.tally && tally,
        results !== told.results && results,
      ]
      // That an offer is withdrawn, or a search left, is no news.
      if (news.some(Boolean)) setSaid(news.filter(Boolean).join(' '))
    }, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [tally, results, deleted, told])

  return said
}
