import type { Task } from '#contract/task.ts'
import { estimateRowHeight } from './estimate-row-height.ts'
import { computeOffsets } from './virtual-rows.ts'

/** Two measurements of the same height may differ by this many pixels, from rounding. */
const ROUNDING_PX = 0.5

/** Creates a cache of row heights, in pixels: measured for rows that were rendered, estimated for the others. */
export function createHeightCache(remPx: number, initialWidthPx: number) {
  const measured = new Map<string, number>()
  let widthPx = initialWidthPx
  let version = 0
  let last = { tasks: [] as readonly Task[], version, offsets: computeOffsets(0, () => 0) }

  const get = (task: Task): number => measured.get(task.id) ?? estimateRowHeight(task, { widthPx, remPx })

  return {
    get,
    /** Stores a measured height. Returns its difference from the height assumed so far; 0 within rounding. */
    set: (task: Task, heightPx: number): number => {
      const difference = heightPx - get(task)
      measured.set(task.id, heightPx)
      if (Math.abs(difference) < ROUNDING_PX) return 0
      version += 1
      return difference
    },
    /** Sets the width of all rows; measurements of another width are dropped. */
    setWidth: (px: number): void => {
      if (px === widthPx) return
      widthPx = px
      measured.clear()
      version += 1
    },
    /** A number that changes whenever a height does. */
    getVersion: (): number => version,
    /** Returns the offsets of `tasks`, computed again only when a height or the rows have changed. */
    offsets: (tasks: readonly Task[]): Float64Array => {
      if (last.version !== version || !haveSameText(last.tasks, tasks)) {
        const heightAt = (index: number): number => {
          const task = tasks[index]
          return task ? get(task) : 0
        }
        last = { tasks, version, offsets: computeOffsets(tasks.length, heightAt) }
      }
      return last.offsets
    },
  }
}

/** Returns whether both lists have the same rows with the same text: to tick a task leaves its height as it is. */
const haveSameText = (before: readonly Task[], after: readonly Task[]): boolean =>
  before.length === after.length &&
  after.every((task, index) => {
    const old = before[index]
    return (
      task === old ||
      (task.id === old?.id && task.title === old.title && task.description === old.description)
    )
  })
