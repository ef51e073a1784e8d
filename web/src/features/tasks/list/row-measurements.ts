import type { Task } from '#contract/task.ts'
import { createHeightCache } from './height-cache.ts'

/** Pixels above and below the window that are rendered as well. */
const OVERSCAN_PX = 640

/** Returns how far the list is scrolled past the top of the window, in pixels. */
export const scrollOffset = (list: HTMLElement | null): number => -(list?.getBoundingClientRect().top ?? 0)

/**
 * Measures rendered rows and tracks which part of the list to render, in pixels from its top. When a row above the
 * window turns out to be higher or lower than estimated, the page is scrolled so that the visible rows do not move.
 */
export function createRowMeasurements() {
  const remPx = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const heights = createHeightCache(remPx, Math.min(innerWidth, 50 * remPx))
  const listeners = new Set<() => void>()
  let tasks: readonly Task[] = []
  let rangeVersion = 0
  let range = { top: -OVERSCAN_PX, bottom: innerHeight + OVERSCAN_PX }
  const observer = new ResizeObserver(onResize)

  function onResize(entries: readonly ResizeObserverEntry[]): void {
    const rendered = entries
      .map(({ target, borderBoxSize }) => ({
        target,
        index: Number(target.ariaPosInSet) - 1,
        height: borderBoxSize[0]?.blockSize ?? 0,
        top: target.getBoundingClientRect().top,
      }))
      .sort((a, b) => a.index - b.index)
    if (rendered[0]) heights.setWidth(rendered[0].target.clientWidth)
    let shift = 0
    let scroll = 0
    for (const { index, height, top } of rendered) {
      const task = tasks[index]
      if (!task || height === 0) continue
      const assumed = heights.get(task)
      const difference = heights.set(task, height)
      // `top` has already moved by the rows above it; without that, the row ended above the window.
      if (top - shift + assumed <= 0) scroll += difference
      shift += difference
    }
    if (scroll !== 0) scrollBy({ top: scroll, behavior: 'instant' })
    publish()
  }

  function publish(): void {
    for (const listener of listeners) listener()
  }

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** A number that changes whenever a height or the range to render does. */
    getVersion: (): number => rangeVersion + heights.getVersion(),
    getRange: () => range,
    /** Moves the range to the window's position, unless half the overscan is still rendered on both sides. */
    updateRange: (list: HTMLElement | null): void => {
      const top = scrollOffset(list)
      const bottom = top + innerHeight
      if (top - OVERSCAN_PX / 2 >= range.top && bottom + OVERSCAN_PX / 2 <= range.bottom) return
      range = { top: top - OVERSCAN_PX, bottom: bottom + OVERSCAN_PX }
      rangeVersion += 1
      publish()
    },
    offsets: heights.offsets,
    /** Sets the tasks that the rendered rows belong to. */
    setTasks: (rendered: readonly Task[]): void => void (tasks = rendered),
    /** A ref for every row. */
    measure: (row: HTMLElement): (() => void) => {
      observer.observe(row)
      return () => observer.unobserve(row)
    },
  }
}
