import { memo, type RefCallback } from 'react'
import type { Task } from '#contract/task.ts'
import { TaskEditor } from './TaskEditor.tsx'
import type { TaskActions } from '../use-task-actions.ts'

interface TaskRowProps {
  task: Task
  /** Its position in the list, from 1, and the number of tasks: most rows are not rendered. */
  position: number
  count: number
  /** Height of the rows left out above it. */
  gapPx: number
  editing: boolean
  /** Whether the row is about to leave the list. */
  leaving: boolean
  actions: TaskActions
  measure: RefCallback<HTMLElement>
}

/** One task: the tick in the margin, the title beside it, or its editor. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, position, count, gapPx, editing, leaving, actions, measure } = props
  return (
    <li
      ref={measure}
      className="task-row"
      data-task={task.id}
      data-leaving={leaving || undefined}
      aria-posinset={position}
      aria-setsize={count}
      style={gapPx > 0 ? { marginTop: gapPx } : undefined}
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
