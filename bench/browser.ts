import { chromium, type Browser } from '@playwright/test'
import { findBrowser } from '../tests/support/browser.ts'
import { measureList, watch, type ListFigures } from './list-page.ts'
import { servePlainList } from './plain-list.ts'
import { startProduct } from './product.ts'
import { quantile } from './statistics.ts'
import { printRows } from './table.ts'

const TASKS = 10_000
const SETTLE_WITHIN_MS = 120_000

/** What was promised, by how many times the processor is slowed. */
const PROMISES = {
  1: { tap: 50, open: 300, frame: 26 },
  4: { tap: 100, open: 1_600, frame: 65 },
} as const
const HEAP_MEGABYTES = 30
const SHIFT = 0.01

type Slowdown = keyof typeof PROMISES

/** 10,000 tasks in headless Chromium, with a plain list beside them as the yardstick of this run. Tells what was missed. */
export async function measureBrowser() {
  const product = await startProduct()
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const cookies = await product.register(TASKS)
    const missed: string[] = []
    for (const slowdown of [1, 4] as const) {
      const ours = await measureOurs(browser, product.origin, cookies, slowdown)
      const plain = await measurePlain(browser, product.origin, slowdown)
      missed.push(...report(slowdown, ours, plain))
    }
    return missed
  } finally {
    await browser.close()
    await product.stop()
  }
}

async function openPage(browser: Browser, slowdown: Slowdown) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.addInitScript(watch)
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
  const settled = () =>
    page
      .getByRole('link', { name: `All ${TASKS.toLocaleString('en')}`, exact: true })
      .waitFor({ timeout: SETTLE_WITHIN_MS })
      .catch(() =>
        console.log(`(not all of ${TASKS} tasks were on the page within ${SETTLE_WITHIN_MS / 1000} s)`),
      )
  // The first visit fills the device; it is the second that is measured.
  const began = performance.now()
  await page.goto(`${origin}/tasks`)
  await settled()
  const filled = performance.now() - began
  await page.waitForTimeout(2_000)
  const figures = await measureList(page, devtools, `${origin}/tasks`, settled)
  await context.close()
  return { ...figures, filled }
}

async function measurePlain(browser: Browser, origin: string, slowdown: Slowdown) {
  const { context, page, devtools } = await openPage(browser, slowdown)
  const url = await servePlainList(page, origin, TASKS)
  const figures = await measureList(page, devtools, url, () => Promise.resolve())
  await context.close()
  return figures
}

function report(slowdown: Slowdown, ours: ListFigures & { filled: number }, plain: ListFigures): string[] {
  const promise = PROMISES[slowdown]
  const row = (
    what: string,
    of: (figures: ListFigures) => number,
    most: number | undefined,
    unit: string,
    digits = 0,
  ) => ({
    what,
    measured: `${of(ours).toFixed(digits)}${unit}`,
    beside: `${of(plain).toFixed(digits)}${unit}`,
    ...(most !== undefined && { promise: `≤ ${most}${unit}`, kept: of(ours) <= most }),
  })
  return printRows(
    `${TASKS.toLocaleString('en')} tasks in Chromium, processor ${slowdown}× slowed`,
    'plain HTML',
    [
      { what: 'first visit until all is there', measured: `${ours.filled.toFixed(0)} ms` },
      row('warm open until rows are painted', ({ open }) => open, promise.open, ' ms'),
      row('tap to paint, p50', ({ taps }) => quantile(taps, 0.5), promise.tap, ' ms'),
      row('tap to paint, p95', ({ taps }) => quantile(taps, 0.95), undefined, ' ms'),
      row('tap to paint, worst', ({ taps }) => Math.max(...taps), undefined, ' ms'),
      row('gentle scroll, frame p95', ({ frames }) => quantile(frames, 0.95), promise.frame, ' ms'),
      row('heap', ({ heapMegabytes }) => heapMegabytes, HEAP_MEGABYTES, ' MB', 1),
      row('DOM nodes', ({ nodes }) => nodes, undefined, ''),
      row('layout shift', ({ shift }) => shift, SHIFT, '', 4),
    ],
  )
}
