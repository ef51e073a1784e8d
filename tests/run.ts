import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Settings } from '../worker/settings.ts'
import { findBrowser } from './support/browser.ts'

/**
 * The whole proof: `npm test`. A step that fails does not keep the others from being run; the last line counts the
 * tests of all.
 */

const reports = mkdtempSync(join(tmpdir(), 'margin-tests-'))
/** Columns that the name of a step takes. */
const NAME_WIDTH = 9
let passed = 0
let failed = 0
/** Every test that has run: seconds it took, and its title under its step's name. */
const durations: { seconds: number; title: string }[] = []
/** How many of the slowest are told at the end. */
const SLOWEST = 8

/**
 * Runs one step, each line of what it says under the step's name, for another may run beside it; counts the tests in
 * its JSON report, or itself as one.
 */
async function step(
  name: string,
  command: string,
  { report, env = {} }: { report?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const started = Date.now()
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => console.log(`${name.padEnd(NAME_WIDTH)}│ ${line}`))
  const [code] = (await once(child, 'close')) as [number | null]
  const counts = report === undefined ? undefined : countsOf(join(reports, report))
  passed += counts?.passed ?? (code === 0 ? 1 : 0)
  failed += counts ? Math.max(counts.failed, code === 0 ? 0 : 1) : code === 0 ? 0 : 1
  for (const { ms, title } of counts?.tests ?? [])
    durations.push({ seconds: ms / 1000, title: `${name.padEnd(NAME_WIDTH)}│ ${title}` })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${name.padEnd(NAME_WIDTH)}│ ${code === 0 ? 'done' : 'FAILED'} in ${seconds} s`)
}

interface Suite {
  suites?: Suite[]
  specs: { title: string; tests: { results: { duration: number }[] }[] }[]
}

/** As Playwright reports, or vitest. */
type Report =
  | { stats: { expected: number; unexpected: number; flaky: number }; suites: Suite[] }
  | {
      numPassedTests: number
      numFailedTests: number
      testResults: { assertionResults: { title: string; duration?: number }[] }[]
    }

function countsOf(file: string) {
  let report: Report
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return undefined
  }
  if ('stats' in report) {
    const { expected, flaky, unexpected } = report.stats
    return { passed: expected + flaky, failed: unexpected, tests: report.suites.flatMap(testsOf) }
  }
  const tests = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, duration = 0 }) => ({ title, ms: duration })),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests, tests }
}

const testsOf = ({ suites = [], specs }: Suite): { title: string; ms: number }[] => [
  ...suites.flatMap(testsOf),
  ...specs.map(({ title, tests }) => ({
    title,
    ms: Math.max(...tests.flatMap(({ results }) => results.map(({ duration }) => duration))),
  })),
]

const vitest = (more: string, report: string) =>
  `vitest run --silent=passed-only --reporter=default --reporter=json --outputFile=${join(reports, report)} ${more}`

// Whatever database or model the environment names, the proof asks neither.
for (const name of [...Object.keys(Settings.shape), 'LOCAL_DATABASE_URL']) delete process.env[name]
process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
const started = Date.now()
const browser = await findBrowser().catch((error: unknown) => {
  console.error(`margin: ${(error as Error).message}`)
  process.exit(1)
})
// The site and the Worker as they would be deployed; everything else looks at them.
await step('bundle', 'node dev/deploy.ts --dry-run')
// Two cores, three lanes of like length: a browser waits more than it works, and so do the tests of faults.
await Promise.all([
  step('browser', 'playwright test', {
    report: 'journeys.json',
    env: { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'journeys.json') },
  }),
  step('pglite', vitest('', 'pglite.json'), { report: 'pglite.json' }),
  (async () => {
    await step('check', 'npm run --silent check')
    await step('postgres', vitest('--project worker', 'postgres.json'), {
      report: 'postgres.json',
      env: { MARGIN_TEST_DATABASE: 'postgres' },
    })
  })(),
])
console.log('\nThe slowest:')
for (const { seconds, title } of durations.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST))
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${title}`)
console.log(`\nAll of it took ${((Date.now() - started) / 60_000).toFixed(1)} min.`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
