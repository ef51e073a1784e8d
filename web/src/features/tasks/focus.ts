/** Where a row can take the focus. */
export type RowPart = 'tick' | 'title'

const rowOf = (id: string) => document.querySelector(`[data-task="${CSS.escape(id)}"]`)

/** Focus a part of a task's row, once React has drawn it. */
export function focusRow(id: string, part: RowPart): void {
  requestAnimationFrame(() => rowOf(id)?.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus())
}

/** Focus the field that adds tasks. */
export const focusAdd = (): void => document.getElementById('add-task')?.focus()

/** Before a row goes: hand its focus on to the row that takes its place, if it holds it. */
export function handFocusOn(ids: readonly string[], id: string, part: RowPart): void {
  if (!rowOf(id)?.contains(document.activeElement)) return
  const place = ids.indexOf(id)
  const heir = ids[place + 1] ?? ids[place - 1]
  if (heir) focusRow(heir, part)
  else focusAdd()
}
