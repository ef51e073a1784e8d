import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Task } from '#contract/task.ts'
import { passes, type Filter } from './filter.ts'
import { focusRow, handFocusOn } from './focus.ts'
import type { TaskText } from './operation.ts'
import type { TaskStore } from './task-store.ts'

/** Milliseconds a row that no longer passes the filter stays, so that the stroke is seen and the mind can change. */
const LINGER_MS = 900

export interface TaskActions {
  complete(task: Task, completed: boolean): void
  remove(task: Task): void
  edit(id: string): void
  saveEdit(task: Task, text: Required<TaskText>, returnFocus: boolean): void
  leaveEdit(task: Task): void
}

/** What a row can ask for, and what the page shows of it: the open editor, rows about to go, the last deleted. */
export function useTaskActions(store: TaskStore, filter: Filter) {
  const [editing, setEditing] = useState<string>()
  const [deleted, setDeleted] = useState<Task>()
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set())
  const filterNow = useRef(filter)
  useEffect(() => {
    filterNow.current = filter
  }, [filter])

  const actions = useMemo((): TaskActions => {
    function linger({ id }: Task): void {
      setLeaving((before) => new Set(before).add(id))
      setTimeout(() => {
        const task = store.getSnapshot().tasks.find((other) => other.id === id)
        if (task && !passes(filterNow.current, task)) handFocusOn(idsInViewWith(id), id, 'tick')
        setLeaving((before) => new Set([...before].filter((other) => other !== id)))
      }, LINGER_MS)
    }

    const idsInViewWith = (id: string): string[] =>
      store
        .getSnapshot()
        .tasks.filter((task) => task.id === id || passes(filterNow.current, task))
        .map((task) => task.id)

    return {
      complete(task, completed) {
        if (!passes(filterNow.current, { completed })) linger(task)
        store.complete(task, completed)
      },
      remove(task) {
        handFocusOn(idsInViewWith(task.id), task.id, 'title')
        setEditing(undefined)
        setDeleted(task)
        store.remove(task)
      },
      edit: setEditing,
      saveEdit(task, { title, description }, returnFocus) {
        const text: TaskText = {
          ...(title !== task.title && { title }),
          ...(description !== task.description && { description }),
        }
        if (Object.keys(text).length > 0) store.change(task, text)
        setEditing((id) => (id === task.id ? undefined : id))
        if (returnFocus) focusRow(task.id, 'title')
      },
      leaveEdit({ id }) {
        setEditing(undefined)
        focusRow(id, 'title')
      },
    }
  }, [store])

  function undo(task: Task): void {
    store.restore(task)
    setDeleted(undefined)
    focusRow(task.id, 'title')
  }

  const forget = useCallback(() => setDeleted(undefined), [])

  return { actions, editing, leaving, deleted, undo, forget }
}
