import { useEffect, useState } from 'react'
import { pathOf, viewIn, type Filter } from './filter.ts'

/** Milliseconds of quiet before what is typed goes into the address; browsers refuse a hundred changes in a row. */
const TYPING_MS = 250

/** Filter and search, kept in the address so that Back works and a link leads to the same list. */
export function useView() {
  const [view, setView] = useState(() => viewIn(location.search))

  useEffect(() => {
    const follow = () => setView(viewIn(location.search))
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])

  useEffect(() => {
    if (viewIn(location.search).query === view.query) return
    const timer = setTimeout(() => history.replaceState(null, '', pathOf(view)), TYPING_MS)
    return () => clearTimeout(timer)
  }, [view])

  function setFilter(filter: Filter): void {
    const wanted = { ...view, filter }
    if (filter !== view.filter) history.pushState(null, '', pathOf(wanted))
    setView(wanted)
  }

  const setQuery = (query: string): void => setView({ ...view, query })

  return { view, setFilter, setQuery }
}
