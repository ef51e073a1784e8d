import type { Task } from '#contract/task.ts'
import { estimateRowHeight } from './estimate-row-height.ts'
import { offsetsOf } from './virtual-rows.ts'

/** Pixels that rounding may make of the same height. */
const SAME_PX = 0.5
/** Pixels above and below the window that are drawn as well. */
const OVERSCAN_PX = 640

/** How far down its list the window stands, in pixels. */
export const scrolledIn = (list: HTMLElement | null): number => -(list?.getBoundingClientRect().top ?? 0)

/**
 * Heights of rows, guessed until they are drawn, and the piece of the list that is to be drawn, in pixels from its top.
 * Rows above the window may turn out higher or lower without moving what is in it.
 */
export function createRowMeasurements() {
  const known = new Map<string, number>()
  const listeners = new Set<() => void>()
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
  let tasks: readonly Task[] = []
  let width = Math.min(innerWidth, 50 * rem)
  let version = 0
  let measured = 0
  let last = { tasks: [] as readonly Task[], measured, offsets: offsetsOf(0, () => 0) }
  let near = { top: -OVERSCAN_PX, bottom: innerHeight + OVERSCAN_PX }
  const observer = new ResizeObserver(takeIn)

  const heightOf = (task: Task): number => known.get(task.id) ?? estimateRowHeight(task, { width, rem })
  const heightAt = (list: readonly Task[], index: number): number => {
    const task = list[index]
    return task ? heightOf(task) : 0
  }

  /** Notes what was drawn, and scrolls by as much as rows above the window turned out to be higher. */
  function takeIn(entries: readonly ResizeObserverEntry[]): void {
    const drawn = entries
      .map(({ target, borderBoxSize }) => ({
        target,
        index: Number(target.ariaPosInSet) - 1,
        height: borderBoxSize[0]?.blockSize ?? 0,
        top: target.getBoundingClientRect().top,
      }))
      .sort((a, b) => a.index - b.index)
    const first = drawn[0]?.target.clientWidth ?? width
    if (first !== width) {
      width = first
      known.clear()
      measured += 1
    }
    let shift = 0
    let scroll = 0
    for (const { index, height, top } of drawn) {
      const task = tasks[index]
      if (!task || height === 0) continue
      const before = heightOf(task)
      known.set(task.id, height)
      if (Math.abs(height - before) < SAME_PX) continue
      if (top - shift + before <= 0) scroll += height - before
      shift += height - before
      measured += 1
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
    /** Changes whenever a height or the piece to draw does. */
    getVersion: (): number => version + measured,
    getNear: () => near,
    /** Looks where the window stands; much of what is near it is drawn already. */
    look: (list: HTMLElement | null): void => {
      const top = scrolledIn(list)
      const bottom = top + innerHeight
      if (top - OVERSCAN_PX / 2 >= near.top && bottom + OVERSCAN_PX / 2 <= near.bottom) return
      near = { top: top - OVERSCAN_PX, bottom: bottom + OVERSCAN_PX }
      version += 1
      publish()
    },
    /** Where each of `tasks` begins, in pixels from the top of the list. */
    offsets: (list: readonly Task[]): Float64Array => {
      if (last.measured !== measured || !areAsHigh(last.tasks, list))
        last = { measured, tasks: list, offsets: offsetsOf(list.length, (index) => heightAt(list, index)) }
      return last.offsets
    },
    /** Says which tasks the drawn rows are of. */
    follow: (drawn: readonly Task[]): void => void (tasks = drawn),
    /** A ref for every row. */
    measure: (row: HTMLElement): (() => void) => {
      observer.observe(row)
      return () => observer.unobserve(row)
    },
  }
}

/** Whether the same rows with the same text stand in both lists, as they do when one is ticked. */
const areAsHigh = (before: readonly Task[], after: readonly Task[]): boolean =>
  before.length === after.length &&
  after.every((task, index) => {
    const old = before[index]
    return (
      task === old ||
      (task.id === old?.id && task.title === old.title && task.description === old.description)
    )
  })
