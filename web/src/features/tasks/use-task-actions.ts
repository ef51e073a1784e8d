import { useEffect, useMemo, useRef, useState } from 'react'
import type { Task, TaskPatch } from '#contract/task.ts'
import { matchesFilter, type View } from './filter.ts'
import type { FocusRequest } from './list/focus.ts'
import type { TaskStore } from '../../task-sync/task-store.ts'

/** Milliseconds a ticked row stays in a list that filters it out: time to see the stroke, and to take the tick back. */
const LEAVE_DELAY_MS = 900

export interface TaskActions {
  complete(task: Task, completed: boolean): void
  remove(task: Task): void
  edit(id: string): void
  /** Saves the fields that differ from those of `task` and closes its editor. */
  saveEdit(task: Task, fields: TaskPatch, returnFocus: boolean): void
  cancelEdit(task: Task): void
}

const NONE: ReadonlySet<string> = new Set()

const withoutId = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id))

/** Returns the fields whose values differ from the task's. */
const changedFields = (task: Task, fields: TaskPatch): TaskPatch =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== task[name as keyof TaskPatch]),
  ) as TaskPatch

/**
 * The actions of a row, and the state of the page they change: the open editors, the rows about to leave, the tasks
 * shown whatever the filter, and the row that gets the focus.
 */
export function useTaskActions(store: TaskStore, view: View, onRemoved: (task: Task) => void) {
  const [editing, setEditing] = useState(NONE)
  const [leaving, setLeaving] = useState(NONE)
  // Exemptions belong to one view and end with it.
  const [exemptions, setExemptions] = useState({ view, ids: NONE })
  const exempt = exemptions.view === view ? exemptions.ids : NONE
  const [focusRequest, requestFocus] = useState<FocusRequest>()
  const currentView = useRef(view)
  useEffect(() => {
    currentView.current = view
  }, [view])

  /** Shows the task until the view changes, also where filter or search leaves it out. */
  const exemptFromFilter = (id: string): void => setExemptions({ view, ids: new Set(exempt).add(id) })

  const actions = useMemo((): TaskActions => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const close = (id: string) => setEditing((ids) => withoutId(ids, id))
    return {
      complete(task, completed) {
        if (!matchesFilter(currentView.current.filter, { completed })) {
          setExemptions(({ view: exemptIn, ids }) => ({ view: exemptIn, ids: withoutId(ids, task.id) }))
          setLeaving((ids) => new Set(ids).add(task.id))
          clearTimeout(timers.get(task.id))
          timers.set(
            task.id,
            setTimeout(() => setLeaving((ids) => withoutId(ids, task.id)), LEAVE_DELAY_MS),
          )
        }
        store.change(task, { completed })
      },
      remove(task) {
        close(task.id)
        onRemoved(task)
        store.remove(task)
      },
      // Other editors stay open: one that cannot be saved must not lose its text.
      edit: (id) => setEditing((ids) => new Set(ids).add(id)),
      saveEdit(task, fields, returnFocus) {
        const changed = changedFields(task, fields)
        if (Object.keys(changed).length > 0) store.change(task, changed)
        close(task.id)
        if (returnFocus) requestFocus({ id: task.id, part: 'title' })
      },
      cancelEdit({ id }) {
        close(id)
        requestFocus({ id, part: 'title' })
      },
    }
  }, [store, onRemoved])

  return { actions, editing, leaving, exempt, exemptFromFilter, focusRequest, requestFocus }
}
