import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Task } from '#contract/task.ts'
import { afterPress } from '../../../lib/after-press.ts'
import { descriptionError, titleError, titleOf } from '../title-check.ts'
import type { TaskActions } from '../use-task-actions.ts'

/** A pressed button must not take the focus, or leaving the field would close the editor under the finger. */
const keepFocus = (event: PointerEvent): void => event.preventDefault()

/** The title and description of a task, open for writing: Enter or leaving saves, Escape restores. */
export function TaskEditor({ task, actions }: { task: Task; actions: TaskActions }) {
  // As it was when the editor opened: what has been changed elsewhere since is not taken back by saving.
  const [before] = useState(task)
  const [title, setTitle] = useState(before.title)
  const [description, setDescription] = useState(before.description ?? '')
  const [wrong, setWrong] = useState<{ field: 'title' | 'description'; message: string }>()
  const titleField = useRef<HTMLTextAreaElement>(null)
  const descriptionField = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const field = titleField.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])

  function save(returnFocus: boolean): void {
    const text = { title: titleOf(title), description: description.trim() }
    const inTitle = titleError(text.title)
    const message = inTitle ?? descriptionError(text.description)
    if (message === undefined)
      return actions.saveEdit(
        before,
        { title: text.title, description: text.description || null },
        returnFocus,
      )
    setWrong({ field: inTitle ? 'title' : 'description', message })
    // Whoever has gone on to something else is not called back.
    if (returnFocus) (inTitle ? titleField : descriptionField).current?.focus()
  }

  const marksOf = (field: 'title' | 'description') => ({
    'aria-invalid': wrong?.field === field,
    'aria-describedby': wrong?.field === field ? `error-${task.id}` : undefined,
  })

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    // An Enter that ends the composition of a character is not meant for us.
    if (event.nativeEvent.isComposing) return
    const inTitle = event.target === titleField.current
    if (event.key === 'Escape') actions.leaveEdit(task)
    else if (event.key === 'Enter' && (inTitle || event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      save(true)
    }
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only notices being left
    <form
      className="editor"
      aria-label={`Edit ${task.title}`}
      onSubmit={(event) => {
        event.preventDefault()
        save(true)
      }}
      onBlur={(event) => {
        // When the whole window loses the focus, the field has it again when the window does.
        if (!document.hasFocus() || event.currentTarget.contains(event.relatedTarget)) return
        afterPress(() => save(false))
      }}
    >
      <textarea
        ref={titleField}
        className="editor-title"
        aria-label="Title"
        rows={1}
        dir="auto"
        enterKeyHint="done"
        value={title}
        onKeyDown={onKeyDown}
        {...marksOf('title')}
        onChange={(event) => {
          setTitle(event.target.value)
          setWrong(undefined)
        }}
      />
      <textarea
        ref={descriptionField}
        className="editor-description"
        aria-label="Description"
        placeholder="Description"
        rows={3}
        dir="auto"
        value={description}
        onKeyDown={onKeyDown}
        {...marksOf('description')}
        onChange={(event) => {
          setDescription(event.target.value)
          setWrong(undefined)
        }}
      />
      {wrong && (
        <p className="field-error py-1" id={`error-${task.id}`} role="alert">
          {wrong.message}
        </p>
      )}
      <div className="editor-actions" onPointerDown={keepFocus}>
        <button>Save</button>
        <button type="button" onClick={() => actions.leaveEdit(task)}>
          Cancel
        </button>
        <button type="button" className="danger" onClick={() => actions.remove(task)}>
          Delete
        </button>
      </div>
    </form>
  )
}
