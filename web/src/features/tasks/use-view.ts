import { useEffect, useState } from 'react'
import { parseView, viewPath, type Filter } from './filter.ts'

/** Milliseconds without typing before the query goes into the URL; browsers reject a hundred changes in a row. */
const URL_DEBOUNCE_MS = 250

/** Keeps filter and search in the URL, so that Back works and a link leads to the same list. */
export function useView() {
  const [view, setView] = useState(() => parseView(location.search))

  useEffect(() => {
    const onPopState = () => setView(parseView(location.search))
    addEventListener('popstate', onPopState)
    return () => removeEventListener('popstate', onPopState)
  }, [])

  useEffect(() => {
    if (parseView(location.search).query === view.query) return
    const timer = setTimeout(() => history.replaceState(null, '', viewPath(view)), URL_DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [view])

  function setFilter(filter: Filter): void {
    const next = { ...view, filter }
    if (filter !== view.filter) history.pushState(null, '', viewPath(next))
    setView(next)
  }

  const setQuery = (query: string): void => setView({ ...view, query })

  return { view, setFilter, setQuery }
}
