import type { Task } from '#contract/task.ts'
import { ASSISTANT_PANEL } from '../../../lib/assistant-panel.ts'
import type { Filter } from '../filter.ts'
import { focusAddTask, focusedIndex, focusSearch, rowByStep, type FocusRequest } from '../list/focus.ts'
import { HELP_DIALOG, type Command } from './shortcuts.ts'
import type { TaskStore } from '../../../task-sync/task-store.ts'
import type { Deletions } from '../use-deletions.ts'
import type { TaskActions } from '../use-task-actions.ts'

interface CommandDeps {
  store: TaskStore
  /** The tasks of the list, in its order. */
  shown: readonly Task[]
  actions: TaskActions
  /** Shows a task until the view changes, also where filter or search leaves it out. */
  exemptFromFilter: (id: string) => void
  requestFocus: (request: FocusRequest | undefined) => void
  setFilter: (filter: Filter) => void
  deletions: Deletions
}

/** Implements each command, for keys and for the buttons that do the same. */
export function useCommands(deps: CommandDeps) {
  const { store, shown, actions, exemptFromFilter, requestFocus, setFilter, deletions } = deps

  function undo(): void {
    const task = deletions.takeLatest()
    if (!task) return
    store.restore(task)
    exemptFromFilter(task.id)
    requestFocus({ id: task.id, part: 'title' })
  }

  function moveFocus(step: number): void {
    const target = rowByStep(shown, step)
    if (target) requestFocus(target)
  }

  function onFocusedTask(act: (task: Task) => void): void {
    const task = shown[focusedIndex(shown)]
    if (task) act(task)
  }

  const commands: Record<Command, () => void> = {
    add: focusAddTask,
    search: focusSearch,
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    first: () => moveFocus(-shown.length),
    last: () => moveFocus(shown.length),
    tick: () => onFocusedTask((task) => actions.complete(task, !task.completed)),
    edit: () => onFocusedTask((task) => actions.edit(task.id)),
    delete: () => onFocusedTask((task) => actions.remove(task)),
    undo,
    all: () => setFilter('all'),
    open: () => setFilter('open'),
    done: () => setFilter('done'),
    assistant: () => document.getElementById(ASSISTANT_PANEL)?.showPopover(),
    help: () => (document.getElementById(HELP_DIALOG) as HTMLDialogElement | null)?.showModal(),
  }

  return { undo, run: (command: Command): void => commands[command]() }
}
