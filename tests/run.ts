import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './support/browser.ts'

/**
 * The whole proof, step by step: `npm test`. A step that fails does not keep the next from being run;
 * the last line counts the tests of all.
 */

const reports = mkdtempSync(join(tmpdir(), 'margin-tests-'))
let passed = 0
let failed = 0

/** Runs one step, its output passed through; counts the tests in its JSON report, or itself as one. */
async function step(
  title: string,
  command: string,
  { report, env = {} }: { report?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const started = Date.now()
  console.log(`\n▸ ${title}`)
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(command, { shell: true, stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('exit', resolve)
  })
  const counts = report === undefined ? undefined : countsOf(join(reports, report))
  passed += counts?.passed ?? (code === 0 ? 1 : 0)
  failed += counts ? Math.max(counts.failed, code === 0 ? 0 : 1) : code === 0 ? 0 : 1
  console.log(`  ${code === 0 ? 'done' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
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
  `vitest run --silent=passed-only --reporter=dot --reporter=json --outputFile=${join(reports, report)} ${more}`

process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
const started = Date.now()
const browser = await findBrowser().catch((error: unknown) => {
  console.error(`margin: ${(error as Error).message}`)
  process.exit(1)
})
await step('Format, lint, types, dead code, schema, specs', 'npm run --silent check')
await step('The site is built', 'npm run --silent build')
await step('Units, and the Worker in workerd on PGlite', vitest('', 'pglite.json'), { report: 'pglite.json' })
await step('The Worker again, on a real PostgreSQL', vitest('--project worker', 'postgres.json'), {
  report: 'postgres.json',
  env: { MARGIN_TEST_DATABASE: 'postgres' },
})
await step('Journeys in a browser', 'playwright test', {
  report: 'journeys.json',
  env: { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'journeys.json') },
})
await step('The bundle that would be deployed', 'node dev/deploy.ts --dry-run')
console.log(`\nAll of it took ${((Date.now() - started) / 60_000).toFixed(1)} min.`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
