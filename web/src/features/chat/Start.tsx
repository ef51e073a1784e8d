const SUGGESTIONS = ['Add buy milk and call Ann', 'Show what is open', 'Complete buy milk', 'Delete call Ann']

/** An empty conversation, with suggestions for a first message. */
export function Start({ onChoose }: { onChoose: (text: string) => void }) {
  return (
    <div className="start inset">
      <p className="text-ink-soft">
        Tell the assistant what to do. It asks before it deletes, and you can undo what it did.
      </p>
      <ul aria-label="Suggestions" className="suggestions">
        {SUGGESTIONS.map((text) => (
          <li key={text}>
            <button type="button" onClick={() => onChoose(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
