import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react'
import type { Task } from '#contract/task.ts'
import { createRowMeasurements, scrolledIn } from './row-measurements.ts'
import { drawnRows, offsetAt, rowAt, spanBetween } from './virtual-rows.ts'

/**
 * Which rows of a long list to draw: those near the window, and the pinned ones. `measure` goes on every row.
 * `listKey` names what the list shows; when it changes, the list is shown from its top.
 */
export function useVirtualRows(
  list: RefObject<HTMLElement | null>,
  tasks: readonly Task[],
  pinned: readonly number[],
  listKey: string,
) {
  const [heights] = useState(createRowMeasurements)
  const version = useSyncExternalStore(heights.subscribe, heights.getVersion)
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the heights, which change in place
  const offsets = useMemo(() => heights.offsets(tasks), [heights, tasks, version])

  useEffect(() => {
    const look = () => heights.look(list.current)
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [heights, list])

  // What is being read stays where it is when rows above it come or go.
  const before = useRef({ tasks, listKey, offsets })
  useLayoutEffect(() => {
    heights.follow(tasks)
    const { tasks: old, listKey: oldKey, offsets: oldOffsets } = before.current
    before.current = { tasks, listKey, offsets }
    const isOther = oldKey !== listKey
    if (!isOther && old.length === tasks.length) return
    const top = scrolledIn(list.current)
    if (top <= 0) return
    const place = rowAt(oldOffsets, top)
    const now = tasks.findIndex(({ id }) => id === old[place]?.id)
    const moved = now < 0 ? 0 : offsetAt(offsets, now) - offsetAt(oldOffsets, place)
    if (isOther || moved !== 0) scrollBy({ top: isOther ? -top : moved, behavior: 'instant' })
  }, [heights, list, listKey, offsets, tasks])

  const { top, bottom } = heights.getNear()
  return { ...drawnRows(offsets, spanBetween(offsets, top, bottom), pinned), measure: heights.measure }
}
