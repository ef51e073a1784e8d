import { useState } from 'react'
import { Glyph } from './Glyph.tsx'
import { normalizeTitle, titleError } from './title-check.ts'

/** The input for a new task: Enter adds it and keeps the focus. */
export function AddTaskForm({ onAdd }: { onAdd: (title: string) => void }) {
  const [text, setText] = useState('')
  const title = normalizeTitle(text)
  const error = title === '' ? undefined : titleError(title)

  return (
    <form
      className="add-row"
      onSubmit={(event) => {
        event.preventDefault()
        if (title === '' || error) return
        onAdd(title)
        setText('')
      }}
    >
      <Glyph path="M9 2v14M2 9h14" />
      <input
        id="add-task"
        aria-label="Add a task"
        placeholder="Add a task"
        autoComplete="off"
        enterKeyHint="done"
        dir="auto"
        value={text}
        aria-invalid={error !== undefined}
        aria-describedby={error && 'add-task-error'}
        onChange={(event) => setText(event.target.value)}
      />
      <button>Add</button>
      {error && (
        <p className="field-error row-message" id="add-task-error" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}
