import type { Task } from '#contract/task.ts'
import { passes, type Filter } from './filter.ts'
import { TaskRow } from './TaskRow.tsx'
import type { TaskActions } from './use-task-actions.ts'

const nothing: Record<Filter, string> = {
  all: 'Nothing written yet.',
  open: 'Nothing left open.',
  done: 'Nothing ticked yet.',
}

interface TaskListProps {
  tasks: readonly Task[]
  filter: Filter
  editing: string | undefined
  leaving: ReadonlySet<string>
  actions: TaskActions
}

/** The written lines of the sheet, or a word on why there are none. */
export function TaskList({ tasks, filter, editing, leaving, actions }: TaskListProps) {
  if (tasks.length === 0)
    return (
      <p className="inset flex min-h-(--row) items-center border-y border-line text-ink-soft">
        {nothing[filter]}
      </p>
    )
  return (
    <ul className="task-list" aria-label="Tasks">
      {tasks.map((task) => (
        <TaskRow
          key={task.id}
          task={task}
          editing={task.id === editing}
          leaving={leaving.has(task.id) && !passes(filter, task)}
          actions={actions}
        />
      ))}
    </ul>
  )
}
