import { chromium } from '@playwright/test'
import lighthouse from 'lighthouse'
import { UserError, runCommand } from '../dev/command.ts'
import { findBrowser } from '../tests/support/browser.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startMargin } from './margin.ts'
import { median, slowRuns } from './statistics.ts'
import { printTable } from './table.ts'
import { judge } from './verdict.ts'

/** `npm run lighthouse`: five runs of each page as a phone, the medians beside what is promised. */

const RUNS = 5
/** The most runs that replace excluded ones. */
const SPARE_RUNS = 3
const TASKS = 200
/** Lighthouse's benchmark index of the machine below which a run is excluded. */
const SPEED_MIN = Number(process.env['LIGHTHOUSE_SPEED'] ?? 600)
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const

/** The cumulative layout shift that is promised of every page. */
const CLS_MAX = 0.01

const PAGES = [
  { path: '/', promise: [100, 100, 100, 100] },
  { path: '/login', promise: [100, 100, 100, 100] },
  { path: '/tasks', promise: [95, 100, 100, 100] },
] as const

interface Run {
  /** In the order of CATEGORIES, 0 to 100. */
  scores: number[]
  speed: number
  lcp: number
  tbt: number
  cls: number
  /** Audits of accessibility, best practices and SEO that did not pass. */
  failed: string[]
}

/** Runs Lighthouse once, in a new browser with an empty cache. */
async function runOnce(url: string, cookie: string, executablePath: string): Promise<Run> {
  const port = await freePort()
  const args = ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`]
  const browser = await chromium.launch({ executablePath, args })
  try {
    const result = await lighthouse(url, {
      port,
      onlyCategories: [...CATEGORIES],
      logLevel: 'silent',
      ...(cookie && { extraHeaders: { Cookie: cookie } }),
    })
    if (!result) throw new Error('Lighthouse gave no result')
    const { categories, audits, environment, runtimeError } = result.lhr
    if (runtimeError) throw new Error(`Lighthouse could not run: ${runtimeError.message}`)
    const number = (id: string) => audits[id]?.numericValue ?? NaN
    return {
      scores: CATEGORIES.map((name) => Math.round((categories[name]?.score ?? 0) * 100)),
      speed: environment.benchmarkIndex,
      lcp: number('largest-contentful-paint'),
      tbt: number('total-blocking-time'),
      cls: number('cumulative-layout-shift'),
      failed: CATEGORIES.slice(1).flatMap((name) =>
        (categories[name]?.auditRefs ?? [])
          .filter(
            ({ id, weight }) => weight > 0 && audits[id]?.score !== null && (audits[id]?.score ?? 1) < 1,
          )
          .map(({ id }) => id),
      ),
    }
  } finally {
    await browser.close()
  }
}

/** Runs until five are good or the spare ones are used up; `shown` is all of them when none was good. */
async function runPage(
  url: string,
  cookie: string,
  executablePath: string,
): Promise<{ good: Run[]; shown: Run[]; excluded: number }> {
  const runs: Run[] = []
  const goodRuns = () => {
    const slow = slowRuns(
      runs.map(({ speed }) => speed),
      SPEED_MIN,
    )
    return runs.filter((_, index) => !slow[index])
  }
  for (let n = 0; n < RUNS + SPARE_RUNS && goodRuns().length < RUNS; n++)
    try {
      runs.push(await runOnce(url, cookie, executablePath))
    } catch (error) {
      console.log(`(${url}: ${(error as Error).message})`)
    }
  if (runs.length === 0) throw new Error(`${url}: no run completed`)
  const good = goodRuns()
  return { good, shown: good.length > 0 ? good : runs, excluded: runs.length - good.length }
}

const HELP = `npm run lighthouse                five runs of each page, as a phone; slow ones are excluded
npm run lighthouse -- /tasks      of that page alone
The site must be built: npm run build. Ends with 1 when a promise is missed, or too few runs were good.`

const asked = process.argv.slice(2)
if (asked.includes('--help')) console.log(HELP)
else await runCommand(measurePages)

async function measurePages() {
  const executablePath = await findBrowser()
  const margin = await startMargin()
  try {
    const cookies = await margin.register(TASKS)
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const rows: string[][] = []
    const failures: string[] = []
    for (const { path, promise } of PAGES.filter((page) => asked.length === 0 || asked.includes(page.path))) {
      const { good, shown, excluded } = await runPage(
        margin.origin + path,
        path === '/tasks' ? cookie : '',
        executablePath,
      )
      const scores = CATEGORIES.map((_, index) => median(shown.map((run) => run.scores[index] ?? 0)))
      const verdict = judge(good, promise, CLS_MAX)
      if (verdict !== 'kept') failures.push(`${path} (${verdict})`)
      rows.push([
        path,
        scores.join(' / '),
        promise.join(' / '),
        verdict,
        shown.map((run) => run.scores[0]).join(' '),
        median(shown.map((run) => run.lcp)).toFixed(0),
        median(shown.map((run) => run.tbt)).toFixed(0),
        median(shown.map((run) => run.cls)).toFixed(4),
        median(shown.map((run) => run.speed)).toFixed(0),
        String(excluded),
        [...new Set(shown.flatMap((run) => run.failed))].join(' '),
      ])
    }
    printTable(
      `Lighthouse, mobile, ${RUNS} runs a page; /tasks with ${TASKS} tasks. Medians of performance / accessibility / best practices / SEO; CLS ≤ ${CLS_MAX}`,
      [
        'page',
        'median',
        'promise',
        '',
        'performance',
        'LCP ms',
        'TBT ms',
        'CLS',
        'machine',
        'excluded',
        'failed',
      ],
      rows,
    )
    if (failures.length > 0) throw new UserError(`not kept: ${failures.join(', ')}`)
  } finally {
    await margin.stop()
  }
}
