import type { PointerEvent } from 'react'
import type { Task } from '#contract/task.ts'
import { afterPress } from '../../../lib/after-press.ts'
import type { TaskActions } from '../use-task-actions.ts'
import { useTaskEditor } from './use-task-editor.ts'

/** A pressed button must not take the focus: the editor would save and close before the click. */
const keepFocus = (event: PointerEvent): void => event.preventDefault()

/** The editor of a task's title and description, in place of its row. */
export function TaskEditor({ task, actions }: { task: Task; actions: TaskActions }) {
  const { titleField, descriptionField, propsOf, error, errorId, save } = useTaskEditor(task, actions)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the handler only detects that the focus leaves
    <form
      className="editor"
      aria-label={`Edit ${task.title}`}
      onSubmit={(event) => {
        event.preventDefault()
        save(true)
      }}
      onBlur={(event) => {
        // When the whole window loses the focus, the field gets it back with the window.
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
        {...propsOf('title')}
      />
      <textarea
        ref={descriptionField}
        className="editor-description"
        aria-label="Description"
        placeholder="Description"
        rows={3}
        dir="auto"
        {...propsOf('description')}
      />
      {error !== undefined && (
        <p className="field-error py-1" id={errorId} role="alert">
          {error}
        </p>
      )}
      <div className="editor-actions" onPointerDown={keepFocus}>
        <button>Save</button>
        <button type="button" onClick={() => actions.cancelEdit(task)}>
          Cancel
        </button>
        <button type="button" className="danger" onClick={() => actions.remove(task)}>
          Delete
        </button>
      </div>
    </form>
  )
}
