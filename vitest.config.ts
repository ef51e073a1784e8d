import { defineConfig } from 'vitest/config'

const slow = { testTimeout: 60_000, hookTimeout: 120_000 }

/** Two projects: what runs in Node alone, and what asks the built Worker in workerd. */
export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default'] : ['default'],
    projects: [
      {
        test: {
          ...slow,
          name: 'units',
          include: ['worker/**/*.test.ts', 'web/**/*.test.ts', 'dev/**/*.test.ts'],
          exclude: ['worker/**/*.worker.test.ts', 'web/dist/**', 'node_modules/**'],
        },
      },
      {
        test: {
          ...slow,
          name: 'worker',
          globalSetup: ['tests/support/global-database.ts'],
          include: ['worker/**/*.worker.test.ts', 'tests/faults/*.test.ts'],
          maxWorkers: 2,
        },
      },
    ],
  },
})
