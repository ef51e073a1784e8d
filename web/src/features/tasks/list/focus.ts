import type { Task } from '#contract/task.ts'

/** Where a row can take the focus. */
export type RowPart = 'tick' | 'title'

/** A place to put the focus; a new object asks for it anew. */
export interface RowTarget {
  id: string
  part: RowPart
}

/** Focus the field that adds tasks. */
export const focusAdd = (): void => document.getElementById('add-task')?.focus()

/** Focus the search, with what is in it selected. */
export function focusSearch(): void {
  const field = document.getElementById('search')
  if (field instanceof HTMLInputElement) field.select()
}

/** The id of the row that `element` is in. */
export const taskIdOf = (element: Element | null): string | undefined =>
  element?.closest<HTMLElement>('[data-task]')?.dataset['task']

/** The part of a row that `element` is, or the title when it is neither. */
export const partOf = (element: Element | null): RowPart =>
  element instanceof HTMLElement && element.dataset['part'] === 'tick' ? 'tick' : 'title'

/** Place of a task in the list, or -1. It is looked for at `guess` first, as rows seldom move. */
export const placeIn = (tasks: readonly Task[], id: string | undefined, guess: number): number =>
  tasks[guess]?.id === id ? guess : tasks.findIndex((task) => task.id === id)

/** Place in the list of the row with the focus, or -1. */
export function focusedPlace(tasks: readonly Task[]): number {
  const row = document.activeElement?.closest<HTMLElement>('[data-task]')
  return row ? placeIn(tasks, row.dataset['task'], Number(row.ariaPosInSet) - 1) : -1
}

/** The row to go to, `step` away from the one with the focus; from elsewhere, the first in sight. */
export function rowToGoTo(tasks: readonly Task[], step: number): RowTarget | undefined {
  const place = focusedPlace(tasks)
  const id = place < 0 ? firstInSight() : tasks[Math.min(tasks.length - 1, Math.max(0, place + step))]?.id
  return id === undefined ? undefined : { id, part: place < 0 ? 'tick' : partOf(document.activeElement) }
}

function firstInSight(): string | undefined {
  const rows = document.querySelectorAll<HTMLElement>('[data-task]')
  return [...rows].find((row) => row.getBoundingClientRect().top >= 0)?.dataset['task']
}
