import type { Task } from '#contract/task.ts'
import { ASSISTANT_PANEL } from '../../../lib/assistant-panel.ts'
import type { Filter } from '../filter.ts'
import { focusAdd, focusedPlace, focusSearch, rowToGoTo, type RowTarget } from '../list/focus.ts'
import { HELP_DIALOG, type Command } from './shortcuts.ts'
import type { TaskStore } from '../../../task-sync/task-store.ts'
import type { Deletions } from '../use-deletions.ts'
import type { TaskActions } from '../use-task-actions.ts'

interface Reach {
  store: TaskStore
  /** The tasks of the list, in its order. */
  shown: readonly Task[]
  actions: TaskActions
  /** Shows a task whatever the view. */
  keep: (id: string) => void
  focusRow: (target: RowTarget | undefined) => void
  setFilter: (filter: Filter) => void
  deletions: Deletions
}

/** What a key, or the button that stands for it, does. */
export function useCommands({ store, shown, actions, keep, focusRow, setFilter, deletions }: Reach) {
  function undo(): void {
    const task = deletions.takeLatest()
    if (!task) return
    store.restore(task)
    keep(task.id)
    focusRow({ id: task.id, part: 'title' })
  }

  function goBy(step: number): void {
    const target = rowToGoTo(shown, step)
    if (target) focusRow(target)
  }

  function onTask(act: (task: Task) => void): void {
    const task = shown[focusedPlace(shown)]
    if (task) act(task)
  }

  const commands: Record<Command, () => void> = {
    add: focusAdd,
    search: focusSearch,
    next: () => goBy(1),
    previous: () => goBy(-1),
    first: () => goBy(-shown.length),
    last: () => goBy(shown.length),
    tick: () => onTask((task) => actions.complete(task, !task.completed)),
    edit: () => onTask((task) => actions.edit(task.id)),
    delete: () => onTask((task) => actions.remove(task)),
    undo,
    all: () => setFilter('all'),
    open: () => setFilter('open'),
    done: () => setFilter('done'),
    assistant: () => document.getElementById(ASSISTANT_PANEL)?.showPopover(),
    help: () => (document.getElementById(HELP_DIALOG) as HTMLDialogElement | null)?.showModal(),
  }

  return { undo, run: (command: Command): void => commands[command]() }
}
