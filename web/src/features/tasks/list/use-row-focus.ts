import { useLayoutEffect, useRef, useState, type FocusEvent, type RefObject } from 'react'
import type { Task } from '#contract/task.ts'
import { focusAdd, partOf, placeIn, taskIdOf, type RowTarget } from './focus.ts'

/**
 * Puts the focus on the row that is `asked` for, and when a row goes, on the one that takes its place.
 * `pinned` are the rows that must be drawn for that, with those next to the focus, so that Tab finds them.
 */
export function useRowFocus(
  list: RefObject<HTMLElement | null>,
  tasks: readonly Task[],
  asked: RowTarget | undefined,
  listKey: string,
) {
  const [focused, setFocused] = useState<RowTarget>()
  const last = useRef({ index: 0, askedIndex: 0, listKey })
  const index = focused ? placeIn(tasks, focused.id, last.current.index) : -1
  const askedIndex = asked ? placeIn(tasks, asked.id, last.current.askedIndex) : -1
  const lastPlace = last.current.listKey === listKey ? last.current.index : 0
  const heir = Math.min(lastPlace, tasks.length - 1)
  const place = focused && index < 0 ? heir : index

  function focusRow({ id, part }: RowTarget): void {
    const row = list.current?.querySelector(`[data-task="${CSS.escape(id)}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus({ preventScroll: true })
  }

  useLayoutEffect(() => {
    if (asked) focusRow(asked)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each time it is asked
  }, [asked])

  useLayoutEffect(() => {
    last.current = { index: place, askedIndex, listKey }
    if (!focused) return
    const isLost = document.activeElement === document.body
    // A row that an answer moves to another place is taken out and put back, and loses the focus by it.
    if (index >= 0) return isLost ? focusRow(focused) : undefined
    setFocused(undefined)
    if (!isLost) return
    const task = tasks[heir]
    if (task) focusRow({ id: task.id, part: focused.part })
    else focusAdd()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the list lives as long as this
  }, [askedIndex, focused, heir, index, listKey, place, tasks])

  function onFocus({ target }: FocusEvent): void {
    const id = taskIdOf(target)
    if (id !== undefined) setFocused({ id, part: partOf(target) })
  }

  function onBlur({ relatedTarget }: FocusEvent): void {
    // When the whole window loses the focus, the row keeps it for when the window has it again.
    if (list.current?.contains(relatedTarget ?? document.activeElement)) return
    setFocused(undefined)
  }

  return { pinned: [place - 1, place, place + 1, askedIndex], onFocus, onBlur }
}
