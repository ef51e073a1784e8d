import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'

const PORT = process.env['E2E_PORT'] ?? '8797'
const DATA_DIR = join(tmpdir(), `margin-journeys-${process.pid}`)

/** Journeys against the whole product, started as a person starts it. */
export default defineConfig({
  testDir: 'tests/e2e',
  fullyParallel: true,
  workers: 2,
  // A loaded machine is slow, not wrong.
  expect: { timeout: 15_000 },
  timeout: 60_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? 'test-results/report.json' }],
  ],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${PORT}`,
    trace: 'retain-on-failure',
    // It would answer documents before a test's own route sees them; the journeys that are about it let it in.
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
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: {
      PORT,
      DB_PORT: process.env['E2E_DB_PORT'] ?? '4497',
      DATA_DIR,
      // The settings of whoever runs this are not the journeys': they might ask a model for money.
      DEV_VARS: join(DATA_DIR, 'none'),
      BETTER_AUTH_SECRET: 'a-secret-for-journeys-that-is-long-enough',
    },
  },
})
