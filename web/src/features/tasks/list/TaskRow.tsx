import { memo, type RefCallback } from 'react'
import type { Task } from '#contract/task.ts'
import { TaskEditor } from './TaskEditor.tsx'
import type { TaskActions } from '../use-task-actions.ts'

interface TaskRowProps {
  task: Task
  /** Its number in the list, from 1, and how many there are: most rows are not drawn. */
  place: number
  of: number
  /** Empty pixels above it, where rows are left out. */
  gap: number
  editing: boolean
  /** The row is about to leave the list. */
  leaving: boolean
  actions: TaskActions
  measure: RefCallback<HTMLElement>
}

/** One line of the sheet: the tick in the margin, the title beside it. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, place, of, gap, editing, leaving, actions, measure } = props
  return (
    <li
      ref={measure}
      className="task-row"
      data-task={task.id}
      data-leaving={leaving || undefined}
      aria-posinset={place}
      aria-setsize={of}
      style={gap > 0 ? { marginTop: gap } : undefined}
    >
      <input
        type="checkbox"
        className="tick"
        data-part="tick"
        aria-label={task.title}
        checked={task.completed}
        onChange={(event) => actions.complete(task, event.target.checked)}
      />
      {editing ? (
        <TaskEditor task={task} actions={actions} />
      ) : (
        <>
          <button
            type="button"
            className="task-title"
            data-part="title"
            onClick={() => actions.edit(task.id)}
          >
            <span className="sr-only">Edit </span>
            <span className="stroke" dir="auto">
              {task.title}
            </span>
            {task.description && (
              <span className="task-description" dir="auto">
                {task.description}
              </span>
            )}
          </button>
          <button type="button" className="row-action" onClick={() => actions.remove(task)}>
            Delete<span className="sr-only"> {task.title}</span>
          </button>
        </>
      )}
    </li>
  )
})
