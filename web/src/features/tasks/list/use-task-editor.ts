import { useEffect, useRef, useState, type ChangeEvent, type KeyboardEvent } from 'react'
import type { Task } from '#contract/task.ts'
import { descriptionError, normalizeTitle, titleError } from '../title-check.ts'
import type { TaskActions } from '../use-task-actions.ts'

type EditorField = 'title' | 'description'

/** The text of an open editor, what is wrong with it, and saving it: Enter or leaving saves, Escape cancels. */
export function useTaskEditor(task: Task, actions: TaskActions) {
  // The task as the editor opened it: saving must not undo what has been changed elsewhere since.
  const [original] = useState(task)
  const [text, setText] = useState({ title: original.title, description: original.description ?? '' })
  const [error, setError] = useState<{ field: EditorField; message: string }>()
  const titleField = useRef<HTMLTextAreaElement>(null)
  const descriptionField = useRef<HTMLTextAreaElement>(null)
  const errorId = `error-${task.id}`

  useEffect(() => {
    const field = titleField.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])

  function save(returnFocus: boolean): void {
    const title = normalizeTitle(text.title)
    const description = text.description.trim()
    const inTitle = titleError(title)
    const message = inTitle ?? descriptionError(description)
    if (message === undefined)
      return actions.saveEdit(original, { title, description: description || null }, returnFocus)
    setError({ field: inTitle ? 'title' : 'description', message })
    // A user who has moved on to something else keeps the focus there.
    if (returnFocus) (inTitle ? titleField : descriptionField).current?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    // An Enter that ends an input method's composition is not a command.
    if (event.nativeEvent.isComposing) return
    const inTitle = event.target === titleField.current
    if (event.key === 'Escape') actions.cancelEdit(task)
    else if (event.key === 'Enter' && (inTitle || event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      save(true)
    }
  }

  const propsOf = (field: EditorField) => ({
    value: text[field],
    'aria-invalid': error?.field === field,
    'aria-describedby': error?.field === field ? errorId : undefined,
    onKeyDown,
    onChange: ({ target }: ChangeEvent<HTMLTextAreaElement>) => {
      setText({ ...text, [field]: target.value })
      setError(undefined)
    },
  })

  return { titleField, descriptionField, propsOf, error: error?.message, errorId, save }
}
