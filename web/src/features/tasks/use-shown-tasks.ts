import { useMemo } from 'react'
import type { Task } from '#contract/task.ts'
import { matchesFilter, showsAll, type View } from './filter.ts'
import { createMatcher } from './search.ts'

interface ShownTasksOptions {
  tasks: readonly Task[]
  view: View
  /** Ids of tasks that stay, whatever the view: in an editor, about to leave, just added or restored. */
  editing: ReadonlySet<string>
  leaving: ReadonlySet<string>
  exempt: ReadonlySet<string>
}

/** Returns the tasks that the list shows, in the order of `tasks`. */
export function useShownTasks({ tasks, view, editing, leaving, exempt }: ShownTasksOptions): readonly Task[] {
  const matchesQuery = useMemo(() => createMatcher(view.query), [view.query])
  return useMemo(
    () =>
      showsAll(view)
        ? tasks
        : tasks.filter(
            (task) =>
              editing.has(task.id) ||
              exempt.has(task.id) ||
              leaving.has(task.id) ||
              (matchesFilter(view.filter, task) && matchesQuery(task)),
          ),
    [tasks, view, matchesQuery, editing, leaving, exempt],
  )
}
