import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'
import { freePort } from './tests/support/free-port.ts'

// The processes that run the tests read this file too, and inherit the ports that the first has chosen.
const PORT = (process.env['E2E_PORT'] ??= String(await freePort()))
const DB_PORT = (process.env['E2E_DB_PORT'] ??= String(await freePort()))
const DATA_DIR = join(tmpdir(), `margin-journeys-${process.pid}`)

/** Journeys against the whole product, started as `npm start` does. */
export default defineConfig({
  testDir: 'tests/e2e',
  fullyParallel: true,
  workers: 2,
  // Bounds that say "it hangs", not "it is slow": a loaded machine may take many times as long as a quiet one.
  expect: { timeout: 60_000 },
  timeout: 180_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? 'test-results/report.json' }],
  ],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${PORT}`,
    // A trace takes a quarter of the processor time of a run: TRACE=1 records one.
    trace: process.env['TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    // A service worker answers documents before a test's own route sees them; the journeys about it allow it.
    serviceWorkers: 'block',
    launchOptions: {
      ...(process.env['CHROMIUM_PATH'] && { executablePath: process.env['CHROMIUM_PATH'] }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  },
  webServer: {
    command: 'node dev/local.ts --no-build',
    url: `http://localhost:${PORT}/api/ready`,
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: {
      PORT,
      DB_PORT,
      DATA_DIR,
      // The developer's own settings do not count here: they might call a model that costs money.
      DEV_VARS: join(DATA_DIR, 'none'),
      BETTER_AUTH_SECRET: 'a-secret-for-journeys-that-is-long-enough',
    },
  },
})
