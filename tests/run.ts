import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Settings } from '../worker/settings.ts'
import { findBrowser } from './support/browser.ts'

/**
 * Runs everything that is tested: `npm test`. A step that fails does not keep the others from running; the last line
 * counts the tests of all.
 */

const reports = mkdtempSync(join(tmpdir(), 'margin-tests-'))
const NAME_COLUMNS = 9
let passed = 0
let failed = 0

interface StepOptions {
  /** The JSON report that the step writes, whose tests are counted; without one, the step counts as a test. */
  report?: string
  env?: NodeJS.ProcessEnv
}

/** Runs one step; its lines carry its name, because others may run beside it. */
async function step(name: string, command: string, { report, env = {} }: StepOptions = {}) {
  const started = Date.now()
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const print = (line: string) => console.log(`${name.padEnd(NAME_COLUMNS)}│ ${line}`)
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', print)
  const [code] = (await once(child, 'close')) as [number | null]
  const counts = report === undefined ? undefined : readCounts(report)
  passed += counts?.passed ?? (code === 0 ? 1 : 0)
  failed += code === 0 ? (counts?.failed ?? 0) : Math.max(counts?.failed ?? 0, 1)
  print(`${code === 0 ? 'done' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** The counts in a report of Playwright's or of vitest's. */
type Report =
  | { stats: { expected: number; unexpected: number; flaky: number } }
  | { stats?: undefined; numPassedTests: number; numFailedTests: number }

function readCounts(path: string): { passed: number; failed: number } | undefined {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report
    return report.stats
      ? { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected }
      : { passed: report.numPassedTests, failed: report.numFailedTests }
  } catch {
    // The step ended before it could write one.
    return undefined
  }
}

function vitest(name: string, options = '', env: NodeJS.ProcessEnv = {}) {
  const report = join(reports, `${name}.json`)
  const reporters = `--silent=passed-only --reporter=default --reporter=json --outputFile=${report}`
  return step(name, `vitest run ${reporters} ${options}`, { report, env })
}

function playwright(executablePath: string) {
  const report = join(reports, 'browser.json')
  const env = { CHROMIUM_PATH: executablePath, PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  return step('browser', 'playwright test', { report, env })
}

async function main() {
  // The tests ask neither the database nor the model that the environment may name.
  for (const name of [...Object.keys(Settings.shape), 'LOCAL_DATABASE_URL']) delete process.env[name]
  process.env['WRANGLER_SEND_METRICS'] = 'false'
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
  const browser = await findBrowser()
  const started = Date.now()
  // The site and the Worker as they would be deployed, for all that follows.
  await step('bundle', 'node dev/deploy.ts --dry-run')
  // Lanes of about the same length for two cores: a browser waits more than it works, and the tests of faults only wait.
  await Promise.all([
    playwright(browser),
    vitest('pglite', '--project units --project worker'),
    vitest('faults', '--project faults'),
    step('check', 'npm run --silent check').then(() =>
      vitest('postgres', '--project worker', { MARGIN_TEST_DATABASE: 'postgres' }),
    ),
  ])
  console.log(`\nAll of it took ${((Date.now() - started) / 60_000).toFixed(1)} min.`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main().catch((error: unknown) => {
  console.error(`margin: ${(error as Error).message}`)
  process.exitCode = 1
})
