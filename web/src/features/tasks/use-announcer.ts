import { useEffect, useState } from 'react'
import { formatCount } from './format-count.ts'
import type { Deletions } from './use-deletions.ts'

/** Milliseconds without change before an announcement: one for the final state, not one for each step. */
const SETTLED_MS = 500

interface AnnouncerOptions {
  open: number
  done: number
  complete: boolean
  query: string
  found: number
  deletions: Pick<Deletions, 'latest' | 'offered'>
}

/** Returns the text of the live region: counts, search results and deletions, once they have settled. */
export function useAnnouncer({ open, done, complete, query, found, deletions }: AnnouncerOptions): string {
  const [announcement, setAnnouncement] = useState('')
  const tally = complete ? `${formatCount(open)} open, ${formatCount(done)} done.` : ''
  const results = query.trim() && `${found === 1 ? '1 task' : `${formatCount(found)} tasks`} found.`
  const deleted = deletions.offered && deletions.latest ? `Deleted ${deletions.latest.title}.` : ''
  const [settled, setSettled] = useState({ tally, results, deleted })

  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled({ tally, results, deleted })
      const changes = [
        deleted !== settled.deleted && deleted,
        tally !== settled.tally && tally,
        results !== settled.results && results,
      ].filter(Boolean)
      // A part that became empty (the offer is dismissed, the search cleared) is not announced.
      if (changes.length > 0) setAnnouncement(changes.join(' '))
    }, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [tally, results, deleted, settled])

  return announcement
}
