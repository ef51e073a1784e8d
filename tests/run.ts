import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
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
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${name.padEnd(NAME_WIDTH)}│ ${code === 0 ? 'done' : 'FAILED'} in ${seconds} s`)
}

function countsOf(file: string) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests?: number
      numFailedTests?: number
      stats?: { expected: number; unexpected: number; flaky: number }
    }
    if (report.stats)
      return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected }
    return { passed: report.numPassedTests ?? 0, failed: report.numFailedTests ?? 0 }
  } catch {
    return undefined
  }
}

const vitest = (more: string, report: string) =>
  `vitest run --silent=passed-only --reporter=default --reporter=json --outputFile=${join(reports, report)} ${more}`

process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
const started = Date.now()
const browser = await findBrowser().catch((error: unknown) => {
  console.error(`margin: ${(error as Error).message}`)
  process.exit(1)
})
// The site and the Worker as they would be deployed; everything else looks at them.
await step('bundle', 'node dev/deploy.ts --dry-run')
// Two cores, two lanes: a browser waits more than it works.
await Promise.all([
  step('browser', 'playwright test', {
    report: 'journeys.json',
    env: { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'journeys.json') },
  }),
  (async () => {
    await step('check', 'npm run --silent check')
    await step('pglite', vitest('', 'pglite.json'), { report: 'pglite.json' })
    await step('postgres', vitest('--project worker', 'postgres.json'), {
      report: 'postgres.json',
      env: { MARGIN_TEST_DATABASE: 'postgres' },
    })
  })(),
])
console.log(`\nAll of it took ${((Date.now() - started) / 60_000).toFixed(1)} min.`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
