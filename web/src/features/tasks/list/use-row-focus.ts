import { useLayoutEffect, useRef, useState, type FocusEvent, type RefObject } from 'react'
import type { Task } from '#contract/task.ts'
import { focusAddTask, indexOfTask, partOf, taskIdOf, type FocusRequest } from './focus.ts'

/**
 * Focuses the requested row, and when the focused row is removed, the one that follows it. `pinned` are the rows that
 * must be rendered for that: the requested one, the focused one and its neighbours, so that Tab reaches them.
 */
export function useRowFocus(
  list: RefObject<HTMLElement | null>,
  tasks: readonly Task[],
  request: FocusRequest | undefined,
  listKey: string,
) {
  const [focused, setFocused] = useState<FocusRequest>()
  const last = useRef({ index: 0, requestedIndex: 0, listKey })
  const index = focused ? indexOfTask(tasks, focused.id, last.current.index) : -1
  const requestedIndex = request ? indexOfTask(tasks, request.id, last.current.requestedIndex) : -1
  const lastIndex = last.current.listKey === listKey ? last.current.index : 0
  // The row that has moved up into the position of the removed one.
  const successor = Math.min(lastIndex, tasks.length - 1)
  const current = focused && index < 0 ? successor : index

  function focusRow({ id, part }: FocusRequest): void {
    const row = list.current?.querySelector(`[data-task="${CSS.escape(id)}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus({ preventScroll: true })
  }

  useLayoutEffect(() => {
    if (request) focusRow(request)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once per request
  }, [request])

  useLayoutEffect(() => {
    last.current = { index: current, requestedIndex, listKey }
    if (!focused) return
    const isLost = document.activeElement === document.body
    // A row whose position changes is removed from the document and inserted again, and loses the focus.
    if (index >= 0) return isLost ? focusRow(focused) : undefined
    setFocused(undefined)
    if (!isLost) return
    const task = tasks[successor]
    if (task) focusRow({ id: task.id, part: focused.part })
    else focusAddTask()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- focusRow reads the list through its ref
  }, [requestedIndex, focused, successor, index, listKey, current, tasks])

  function onFocus({ target }: FocusEvent): void {
    const id = taskIdOf(target)
    if (id !== undefined) setFocused({ id, part: partOf(target) })
  }

  function onBlur({ relatedTarget }: FocusEvent): void {
    // When the whole window loses the focus, the row gets it back with the window.
    if (list.current?.contains(relatedTarget ?? document.activeElement)) return
    setFocused(undefined)
  }

  return { pinned: [current - 1, current, current + 1, requestedIndex], onFocus, onBlur }
}
