import { defineConfig } from 'vitest/config'

/** Bounds that say "it hangs", not "it is slow": a loaded machine may take many times as long as a quiet one. */
const patience = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  teardownTimeout: 60_000,
  expect: { poll: { timeout: 60_000 } },
}

/** Wrangler would ask Cloudflare for a sample of its request data, and wait where there is no network. */
const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false' }

/** `units` run in Node alone, `worker` against the built Worker in workerd, `faults` with its database failing. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...patience,
          env,
          name: 'units',
          include: ['{worker,web,dev,bench,tests}/**/*.test.ts'],
          exclude: ['worker/**/*.worker.test.ts', 'tests/faults/**', 'web/dist/**', 'node_modules/**'],
        },
      },
      {
        test: {
          ...patience,
          env,
          // The files of a process share what takes long to load and to start.
          isolate: false,
          environment: './tests/support/process-environment.ts',
          name: 'worker',
          globalSetup: ['tests/support/global-setup.ts'],
          include: ['worker/**/*.worker.test.ts'],
        },
      },
      {
        test: {
          ...patience,
          env,
          isolate: false,
          environment: './tests/support/process-environment.ts',
          name: 'faults',
          globalSetup: ['tests/support/global-setup.ts'],
          include: ['tests/faults/*.test.ts'],
        },
      },
    ],
  },
})
