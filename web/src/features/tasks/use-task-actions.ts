import { useEffect, useMemo, useRef, useState } from 'react'
import type { Task, TaskPatch } from '#contract/task.ts'
import { passes, type View } from './filter.ts'
import type { RowTarget } from './list/focus.ts'
import type { TaskStore } from '../../task-sync/task-store.ts'

/** Milliseconds a row that no longer passes the filter stays, so that the stroke is seen and the mind can change. */
const LINGER_MS = 900

export interface TaskActions {
  complete(task: Task, completed: boolean): void
  remove(task: Task): void
  edit(id: string): void
  /** Changes the task by what `text` has that it has not. */
  saveEdit(task: Task, text: Pick<Task, 'title' | 'description'>, returnFocus: boolean): void
  leaveEdit(task: Task): void
}

const NONE: ReadonlySet<string> = new Set()

const withOut = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id))

/** What a row can ask for, and what the page shows of it: open editors, rows about to go or kept, where the focus goes. */
export function useTaskActions(store: TaskStore, view: View, onRemoved: (task: Task) => void) {
  const [editing, setEditing] = useState<ReadonlySet<string>>(new Set())
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set())
  // Of another view than this one they are forgotten.
  const [keeping, setKeeping] = useState<{ view: View; ids: ReadonlySet<string> }>({ view, ids: NONE })
  const kept = keeping.view === view ? keeping.ids : NONE
  const [asked, focusRow] = useState<RowTarget>()
  const viewNow = useRef(view)
  useEffect(() => {
    viewNow.current = view
  }, [view])

  const keep = (id: string): void => setKeeping({ view, ids: new Set(kept).add(id) })

  const actions = useMemo((): TaskActions => {
    const lingers = new Map<string, ReturnType<typeof setTimeout>>()
    const close = (id: string) => setEditing((ids) => withOut(ids, id))
    return {
      complete(task, completed) {
        if (!passes(viewNow.current.filter, { completed })) {
          setKeeping(({ view: of, ids }) => ({ view: of, ids: withOut(ids, task.id) }))
          setLeaving((ids) => new Set(ids).add(task.id))
          clearTimeout(lingers.get(task.id))
          lingers.set(
            task.id,
            setTimeout(() => setLeaving((ids) => withOut(ids, task.id)), LINGER_MS),
          )
        }
        store.change(task, { completed })
      },
      remove(task) {
        close(task.id)
        onRemoved(task)
        store.remove(task)
      },
      // An editor that is open already stays so until it can save: what is written in it is not lost.
      edit: (id) => setEditing((ids) => new Set(ids).add(id)),
      saveEdit(task, { title, description }, returnFocus) {
        const text: TaskPatch = {
          ...(title !== task.title && { title }),
          ...(description !== task.description && { description }),
        }
        if (Object.keys(text).length > 0) store.change(task, text)
        close(task.id)
        if (returnFocus) focusRow({ id: task.id, part: 'title' })
      },
      leaveEdit({ id }) {
        close(id)
        focusRow({ id, part: 'title' })
      },
    }
  }, [store, onRemoved])

  return { actions, editing, leaving, kept, keep, asked, focusRow }
}
