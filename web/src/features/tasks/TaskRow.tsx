import { memo } from 'react'
import type { Task } from '#contract/task.ts'
import { TaskEditor } from './TaskEditor.tsx'
import type { TaskActions } from './use-task-actions.ts'

interface TaskRowProps {
  task: Task
  editing: boolean
  /** The row is about to leave the filtered list. */
  leaving: boolean
  actions: TaskActions
}

/** One line of the sheet: the tick in the margin, the title beside it. */
export const TaskRow = memo(function TaskRow({ task, editing, leaving, actions }: TaskRowProps) {
  return (
    <li className="task-row" data-task={task.id} data-leaving={leaving || undefined}>
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
