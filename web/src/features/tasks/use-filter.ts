import { useEffect, useState } from 'react'
import { filterIn, filterPath, type Filter } from './filter.ts'

/** The filter, kept in the address so that Back works and a link leads to the same list. */
export function useFilter(): [Filter, (filter: Filter) => void] {
  const [filter, setFilter] = useState(() => filterIn(location.search))

  useEffect(() => {
    const follow = () => setFilter(filterIn(location.search))
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])

  function choose(wanted: Filter): void {
    if (wanted !== filter) history.pushState(null, '', filterPath(wanted))
    setFilter(wanted)
  }

  return [filter, choose]
}
