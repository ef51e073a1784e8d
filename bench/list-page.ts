/// <reference lib="dom" />
import type { CDPSession, Page } from '@playwright/test'

/** What is measured of a list, by what anybody sees of it: a list named Tasks with checkboxes. */
export interface ListFigures {
  /** ms from asking for the page until its first rows are painted. */
  open: number
  /** ms from a tap until the frame that shows it is done. */
  taps: number[]
  /** ms of each frame while the page is scrolled gently. */
  frames: number[]
  heapMegabytes: number
  nodes: number
  /** Cumulative layout shift since the page was opened. */
  shift: number
}

const TAPS = 20
const TAPS_WITHIN_MS = 20_000
const FRAMES = 120
/** Pixels scrolled in a frame: a finger that reads, not one that flings. */
const GENTLE_PX = 120
const OPEN_WITHIN_MS = 120_000

/** Runs in the page before anything else: notes when rows are there and painted, and every layout shift. */
export function watch() {
  const figures = { painted: undefined as number | undefined, shift: 0 }
  Object.assign(globalThis, { figures })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[])
      if (!entry.hadRecentInput) figures.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  const look = () => {
    if (!document.querySelector('[aria-label="Tasks"] [type="checkbox"]')) return requestAnimationFrame(look)
    // The task after the frame: by then it has been painted.
    requestAnimationFrame(() => setTimeout(() => (figures.painted = performance.now())))
    return undefined
  }
  look()
}

/** Opens `url` and measures the list in it; `settled` waits until all of it is there. */
export async function measureList(
  page: Page,
  devtools: CDPSession,
  url: string,
  settled: () => Promise<unknown>,
): Promise<ListFigures> {
  await page.goto(url, { timeout: OPEN_WITHIN_MS })
  const open = await page
    .waitForFunction(() => (globalThis as unknown as Watched).figures.painted, undefined, {
      timeout: OPEN_WITHIN_MS,
    })
    .then((handle) => handle.jsonValue())
  await settled()
  const taps = await page.evaluate(tapSome, { count: TAPS, withinMs: TAPS_WITHIN_MS })
  const frames = await page.evaluate(scrollSome, { count: FRAMES, pixels: GENTLE_PX })
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { nodes } = await devtools.send('Memory.getDOMCounters')
  const shift = await page.evaluate(() => (globalThis as unknown as Watched).figures.shift)
  return { open: open ?? NaN, taps, frames, heapMegabytes: usedSize / 1e6, nodes, shift }
}

interface Watched {
  figures: { painted?: number; shift: number }
}

/** Taps tasks from the top of the list to its end, each in the middle of the window. */
async function tapSome({ count, withinMs }: { count: number; withinMs: number }): Promise<number[]> {
  const times: number[] = []
  const end = performance.now() + withinMs
  for (let n = 0; n < count && performance.now() < end; n++) {
    scrollTo(0, (n / count) * document.documentElement.scrollHeight)
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    await new Promise((resolve) => setTimeout(resolve, 60))
    const seen = [
      ...document.querySelectorAll<HTMLInputElement>('[aria-label="Tasks"] [type="checkbox"]'),
    ].filter((tick) => {
      const { top, bottom } = tick.getBoundingClientRect()
      return top > 0 && bottom < innerHeight
    })
    const tick = seen[Math.floor(seen.length / 2)]
    if (!tick) throw new Error(`no task is in the window at ${scrollY} px`)
    const began = performance.now()
    tick.click()
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    times.push(performance.now() - began)
  }
  scrollTo(0, 0)
  return times
}

async function scrollSome({ count, pixels }: { count: number; pixels: number }): Promise<number[]> {
  const times: number[] = []
  let last = await new Promise<number>(requestAnimationFrame)
  for (let n = 0; n < count; n++) {
    scrollBy(0, pixels)
    const now = await new Promise<number>(requestAnimationFrame)
    times.push(now - last)
    last = now
  }
  return times
}
