import { Glyph } from './Glyph.tsx'

interface SearchProps {
  query: string
  onQuery: (query: string) => void
  /** Moves the focus from the field to the results. */
  onLeave: () => void
}

/** The search field. The browser's own search cannot replace it: it sees rendered rows only. */
export function Search({ query, onQuery, onLeave }: SearchProps) {
  return (
    <search className="search">
      <Glyph path="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM12.5 12.5 16 16" />
      <input
        id="search"
        type="search"
        aria-label="Search tasks"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        dir="auto"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') onQuery('')
          else if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave()
          else return
          event.preventDefault()
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  )
}
