/// <reference lib="dom" />
import type { CDPSession, Page } from '@playwright/test'

/** The figures of a list, measured by what is visible of it: a list named Tasks with checkboxes. */
export interface ListFigures {
  /** From the navigation until the first rows are painted. */
  openMs: number
  /** From each tap to the end of the frame that shows it. */
  tapsMs: number[]
  /** Each frame while the page is scrolled slowly. */
  framesMs: number[]
  heapMegabytes: number
  nodes: number
  /** Cumulative layout shift since the page was opened. */
  shift: number
}

const TAPS = 20
const TAPS_WITHIN_MS = 20_000
const FRAMES = 120
/** Pixels scrolled in a frame: a reader's pace, not a fling. */
const SCROLL_PX = 120
const OPEN_WITHIN_MS = 120_000

/** Records when the rows are painted, and every layout shift. Runs in the page before its own scripts. */
export function recordPage() {
  const recorded = (globalThis.recordedPage = { shift: 0 } as RecordedPage)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[])
      if (!entry.hadRecentInput) recorded.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  const look = () => {
    if (!document.querySelector('[aria-label="Tasks"] [type="checkbox"]')) return requestAnimationFrame(look)
    // In a task after the frame, which has been painted by then.
    requestAnimationFrame(() => setTimeout(() => (recorded.paintedMs = performance.now())))
    return undefined
  }
  look()
}

/** Opens `url` and measures its list; `waitUntilLoaded` resolves when all of it is there. */
export async function measureList(
  page: Page,
  devtools: CDPSession,
  url: string,
  waitUntilLoaded: () => Promise<unknown>,
): Promise<ListFigures> {
  await page.goto(url, { timeout: OPEN_WITHIN_MS })
  const openMs = await page
    .waitForFunction(() => globalThis.recordedPage?.paintedMs, undefined, {
      timeout: OPEN_WITHIN_MS,
    })
    .then((handle) => handle.jsonValue())
  await waitUntilLoaded()
  const tapsMs = await page.evaluate(tapTasks, { count: TAPS, withinMs: TAPS_WITHIN_MS })
  const framesMs = await page.evaluate(scrollPage, { count: FRAMES, pixels: SCROLL_PX })
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { nodes } = await devtools.send('Memory.getDOMCounters')
  const shift = await page.evaluate(() => globalThis.recordedPage?.shift ?? NaN)
  return { openMs: openMs ?? NaN, tapsMs, framesMs, heapMegabytes: usedSize / 1e6, nodes, shift }
}

interface RecordedPage {
  paintedMs?: number
  shift: number
}

declare global {
  var recordedPage: RecordedPage | undefined
}

/** Taps tasks from the top of the list to its end, each in the middle of the window; returns the milliseconds of each tap. */
async function tapTasks({ count, withinMs }: { count: number; withinMs: number }): Promise<number[]> {
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
    if (!tick) throw new Error(`there is no task in the window at ${scrollY} px`)
    const began = performance.now()
    tick.click()
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    times.push(performance.now() - began)
  }
  scrollTo(0, 0)
  return times
}

/** Scrolls down frame by frame; returns the milliseconds of each. */
async function scrollPage({ count, pixels }: { count: number; pixels: number }): Promise<number[]> {
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
