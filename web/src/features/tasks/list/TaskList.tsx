import { useRef } from 'react'
import type { Task } from '#contract/task.ts'
import { matchesFilter, type View } from '../filter.ts'
import type { FocusRequest } from './focus.ts'
import { EmptyList } from './EmptyList.tsx'
import { TaskRow } from './TaskRow.tsx'
import { useRowFocus } from './use-row-focus.ts'
import { useVirtualRows } from './use-virtual-rows.ts'
import type { TaskActions } from '../use-task-actions.ts'

interface TaskListProps {
  /** The tasks to show, in order, including rows that are about to leave. */
  tasks: readonly Task[]
  view: View
  editing: ReadonlySet<string>
  leaving: ReadonlySet<string>
  focusRequest: FocusRequest | undefined
  actions: TaskActions
  onClearSearch: () => void
}

/** The list, of which the rows near the window are rendered, or a text that says why it is empty. */
export function TaskList(props: TaskListProps) {
  const { tasks, view, editing, leaving, focusRequest, actions, onClearSearch } = props
  const list = useRef<HTMLUListElement>(null)
  const listKey = `${view.filter} ${view.query}`
  const { pinned, onFocus, onBlur } = useRowFocus(list, tasks, focusRequest, listKey)
  const open = [...editing].map((id) => tasks.findIndex((task) => task.id === id))
  const { rows, tailPx, measure } = useVirtualRows(list, tasks, [...pinned, ...open], listKey)

  if (tasks.length === 0) return <EmptyList view={view} onClearSearch={onClearSearch} />
  return (
    // oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-redundant-roles -- the handlers only track the focus; Safari announces a list without bullets only when it has the role
    <ul
      ref={list}
      role="list"
      className="task-list"
      aria-label="Tasks"
      style={{ paddingBottom: tailPx }}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {rows.map(({ index, gapPx }) => {
        const task = tasks[index]
        return (
          task && (
            <TaskRow
              key={task.id}
              task={task}
              position={index + 1}
              count={tasks.length}
              gapPx={gapPx}
              editing={editing.has(task.id)}
              leaving={leaving.has(task.id) && !matchesFilter(view.filter, task)}
              actions={actions}
              measure={measure}
            />
          )
        )
      })}
    </ul>
  )
}
