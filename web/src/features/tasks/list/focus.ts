import type { Task } from '#contract/task.ts'

/** The part of a row that has the focus. */
export type RowPart = 'tick' | 'title'

/** The row to focus. Each new object is a new request, also for the same row. */
export interface FocusRequest {
  id: string
  part: RowPart
}

/** Focuses the input for a new task. */
export const focusAddTask = (): void => document.getElementById('add-task')?.focus()

/** Focuses the search field and selects its text. */
export function focusSearch(): void {
  const field = document.getElementById('search')
  if (field instanceof HTMLInputElement) field.select()
}

/** Returns the id of the task whose row contains `element`. */
export const taskIdOf = (element: Element | null): string | undefined =>
  element?.closest<HTMLElement>('[data-task]')?.dataset['task']

/** Returns which part of a row `element` is; anything but the tick counts as the title. */
export const partOf = (element: Element | null): RowPart =>
  element instanceof HTMLElement && element.dataset['part'] === 'tick' ? 'tick' : 'title'

/** Returns the index of a task, or -1. Looks at `guess` first, because rows seldom move. */
export const indexOfTask = (tasks: readonly Task[], id: string | undefined, guess: number): number =>
  tasks[guess]?.id === id ? guess : tasks.findIndex((task) => task.id === id)

/** Returns the index of the row with the focus, or -1. */
export function focusedIndex(tasks: readonly Task[]): number {
  const row = document.activeElement?.closest<HTMLElement>('[data-task]')
  return row ? indexOfTask(tasks, row.dataset['task'], Number(row.ariaPosInSet) - 1) : -1
}

/** Returns the row `step` rows from the focused one, clamped to the list; without focus in it, the first visible row. */
export function rowByStep(tasks: readonly Task[], step: number): FocusRequest | undefined {
  const index = focusedIndex(tasks)
  const id = index < 0 ? firstVisibleId() : tasks[Math.min(tasks.length - 1, Math.max(0, index + step))]?.id
  return id === undefined ? undefined : { id, part: index < 0 ? 'tick' : partOf(document.activeElement) }
}

function firstVisibleId(): string | undefined {
  const rows = document.querySelectorAll<HTMLElement>('[data-task]')
  return [...rows].find((row) => row.getBoundingClientRect().top >= 0)?.dataset['task']
}
