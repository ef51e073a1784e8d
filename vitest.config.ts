import { defineConfig } from 'vitest/config'

const slow = { testTimeout: 60_000, hookTimeout: 120_000 }

/** What runs in Node alone; what asks the built Worker in workerd; what breaks the line between it and the database. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...slow,
          name: 'units',
          include: ['{worker,web,dev,bench}/**/*.test.ts'],
          exclude: ['worker/**/*.worker.test.ts', 'web/dist/**', 'node_modules/**'],
        },
      },
      {
        test: {
          ...slow,
          // The harness takes seconds to load: once for each process is enough.
          isolate: false,
          name: 'worker',
          globalSetup: ['tests/support/global-setup.ts'],
          include: ['worker/**/*.worker.test.ts'],
        },
      },
      {
        test: {
          ...slow,
          isolate: false,
          name: 'faults',
          globalSetup: ['tests/support/global-setup.ts'],
          include: ['tests/faults/*.test.ts'],
        },
      },
    ],
  },
})
