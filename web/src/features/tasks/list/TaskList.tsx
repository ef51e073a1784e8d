import { useRef } from 'react'
import type { Task } from '#contract/task.ts'
import { passes, type View } from '../filter.ts'
import type { RowTarget } from './focus.ts'
import { EmptyList } from './EmptyList.tsx'
import { TaskRow } from './TaskRow.tsx'
import { useRowFocus } from './use-row-focus.ts'
import { useVirtualRows } from './use-virtual-rows.ts'
import type { TaskActions } from '../use-task-actions.ts'

interface TaskListProps {
  /** What the view holds, with rows that are about to leave it. */
  tasks: readonly Task[]
  view: View
  editing: ReadonlySet<string>
  leaving: ReadonlySet<string>
  /** The row that is to have the focus; a new object asks anew. */
  asked: RowTarget | undefined
  actions: TaskActions
  onClearSearch: () => void
}

/** The written lines of the sheet, of which those near the window are drawn, or a word on why there are none. */
export function TaskList({ tasks, view, editing, leaving, asked, actions, onClearSearch }: TaskListProps) {
  const list = useRef<HTMLUListElement>(null)
  const listKey = `${view.filter} ${view.query}`
  const { pinned, onFocus, onBlur } = useRowFocus(list, tasks, asked, listKey)
  const open = [...editing].map((id) => tasks.findIndex((task) => task.id === id))
  const { rows, tail, measure } = useVirtualRows(list, tasks, [...pinned, ...open], listKey)

  if (tasks.length === 0) return <EmptyList view={view} onClearSearch={onClearSearch} />
  return (
    // oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-redundant-roles -- it only notices where the focus is; Safari reads out a list without bullets only when it is said to be one
    <ul
      ref={list}
      role="list"
      className="task-list"
      aria-label="Tasks"
      style={{ paddingBottom: tail }}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {rows.map(({ index, gap }) => {
        const task = tasks[index]
        return (
          task && (
            <TaskRow
              key={task.id}
              task={task}
              place={index + 1}
              of={tasks.length}
              gap={gap}
              editing={editing.has(task.id)}
              leaving={leaving.has(task.id) && !passes(view.filter, task)}
              actions={actions}
              measure={measure}
            />
          )
        )
      })}
    </ul>
  )
}
