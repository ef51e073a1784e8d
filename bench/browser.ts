import { chromium, type Browser } from '@playwright/test'
import { findBrowser } from '../tests/support/browser.ts'
import { measureList, recordPage, type ListFigures } from './list-page.ts'
import { servePlainList } from './plain-list.ts'
import { startMargin } from './margin.ts'
import { quantile } from './statistics.ts'
import { printRows } from './table.ts'

const TASKS = 10_000
const SETTLE_WITHIN_MS = 120_000

/** What is promised in milliseconds, by how many times the processor is slowed. */
const PROMISES = {
  1: { tap: 50, open: 300, frame: 26 },
  4: { tap: 100, open: 1_600, frame: 65 },
} as const
const HEAP_MEGABYTES = 30
const SHIFT = 0.01

type Slowdown = keyof typeof PROMISES

/**
 * Measures 10,000 tasks in headless Chromium, and a plain list of them as the baseline of the run. Returns the promises that
 * were missed.
 */
export async function measureBrowser() {
  const margin = await startMargin()
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const cookies = await margin.register(TASKS)
    const missed: string[] = []
    for (const slowdown of [1, 4] as const) {
      const ours = await measureOurs(browser, margin.origin, cookies, slowdown)
      const plain = await measurePlain(browser, margin.origin, slowdown)
      missed.push(...report(slowdown, ours, plain))
    }
    return missed
  } finally {
    await browser.close()
    await margin.stop()
  }
}

async function openPage(browser: Browser, slowdown: Slowdown) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.addInitScript(recordPage)
  return { context, page, devtools }
}

async function measureOurs(
  browser: Browser,
  origin: string,
  cookies: { name: string; value: string }[],
  slowdown: Slowdown,
) {
  const { context, page, devtools } = await openPage(browser, slowdown)
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: origin })))
  const waitUntilLoaded = () =>
    page
      .getByRole('link', { name: `All ${TASKS.toLocaleString('en')}`, exact: true })
      .waitFor({ timeout: SETTLE_WITHIN_MS })
      .catch(() =>
        console.log(`(not all of ${TASKS} tasks were on the page within ${SETTLE_WITHIN_MS / 1000} s)`),
      )
  // The first visit fills the device; the second is measured.
  const began = performance.now()
  await page.goto(`${origin}/tasks`)
  await waitUntilLoaded()
  const filledMs = performance.now() - began
  await page.waitForTimeout(2_000)
  const figures = await measureList(page, devtools, `${origin}/tasks`, waitUntilLoaded)
  await context.close()
  return { ...figures, filledMs }
}

async function measurePlain(browser: Browser, origin: string, slowdown: Slowdown) {
  const { context, page, devtools } = await openPage(browser, slowdown)
  const url = await servePlainList(page, origin, TASKS)
  const figures = await measureList(page, devtools, url, () => Promise.resolve())
  await context.close()
  return figures
}

function report(slowdown: Slowdown, ours: ListFigures & { filledMs: number }, plain: ListFigures): string[] {
  const promise = PROMISES[slowdown]
  const row = (
    what: string,
    of: (figures: ListFigures) => number,
    max: number | undefined,
    unit: string,
    digits = 0,
  ) => ({
    what,
    measured: `${of(ours).toFixed(digits)}${unit}`,
    beside: `${of(plain).toFixed(digits)}${unit}`,
    ...(max !== undefined && { promise: `≤ ${max}${unit}`, kept: of(ours) <= max }),
  })
  return printRows(
    `${TASKS.toLocaleString('en')} tasks in Chromium, processor ${slowdown}× slowed`,
    'plain HTML',
    [
      { what: 'first visit until all is there', measured: `${ours.filledMs.toFixed(0)} ms` },
      row('warm open until rows are painted', ({ openMs }) => openMs, promise.open, ' ms'),
      row('tap to paint, p50', ({ tapsMs }) => quantile(tapsMs, 0.5), promise.tap, ' ms'),
      row('tap to paint, p95', ({ tapsMs }) => quantile(tapsMs, 0.95), undefined, ' ms'),
      row('tap to paint, worst', ({ tapsMs }) => Math.max(...tapsMs), undefined, ' ms'),
      row('slow scroll, frame p95', ({ framesMs }) => quantile(framesMs, 0.95), promise.frame, ' ms'),
      row('heap', ({ heapMegabytes }) => heapMegabytes, HEAP_MEGABYTES, ' MB', 1),
      row('DOM nodes', ({ nodes }) => nodes, undefined, ''),
      row('layout shift', ({ shift }) => shift, SHIFT, '', 4),
    ],
  )
}
