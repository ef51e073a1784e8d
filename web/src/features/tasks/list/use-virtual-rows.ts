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
import { createRowMeasurements, scrollOffset } from './row-measurements.ts'
import { layoutRows, offsetAt, rowAt, rowsBetween } from './virtual-rows.ts'

/**
 * Returns the rows of a long list to render: those near the window, and the pinned ones. `measure` is the ref of every
 * row. `listKey` identifies what the list shows; when it changes, the list is scrolled to its top.
 */
export function useVirtualRows(
  list: RefObject<HTMLElement | null>,
  tasks: readonly Task[],
  pinned: readonly number[],
  listKey: string,
) {
  const [measurements] = useState(createRowMeasurements)
  const version = useSyncExternalStore(measurements.subscribe, measurements.getVersion)
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the heights, which are mutated in place
  const offsets = useMemo(() => measurements.offsets(tasks), [measurements, tasks, version])

  useEffect(() => {
    const onMove = () => measurements.updateRange(list.current)
    addEventListener('scroll', onMove, { passive: true })
    addEventListener('resize', onMove)
    return () => {
      removeEventListener('scroll', onMove)
      removeEventListener('resize', onMove)
    }
  }, [measurements, list])

  // Scroll anchoring: the first visible row stays where it is when rows above it come or go.
  const previous = useRef({ tasks, listKey, offsets })
  useLayoutEffect(() => {
    measurements.setTasks(tasks)
    const { tasks: oldTasks, listKey: oldKey, offsets: oldOffsets } = previous.current
    previous.current = { tasks, listKey, offsets }
    const isOtherList = oldKey !== listKey
    if (!isOtherList && oldTasks.length === tasks.length) return
    const top = scrollOffset(list.current)
    if (top <= 0) return
    const oldIndex = rowAt(oldOffsets, top)
    const index = tasks.findIndex(({ id }) => id === oldTasks[oldIndex]?.id)
    const moved = index < 0 ? 0 : offsetAt(offsets, index) - offsetAt(oldOffsets, oldIndex)
    if (isOtherList || moved !== 0) scrollBy({ top: isOtherList ? -top : moved, behavior: 'instant' })
  }, [measurements, list, listKey, offsets, tasks])

  const { top, bottom } = measurements.getRange()
  return { ...layoutRows(offsets, rowsBetween(offsets, top, bottom), pinned), measure: measurements.measure }
}
