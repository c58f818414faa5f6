import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // For two cores: browsers and child processes leave room for a third worker.
    maxWorkers: 3,
    // One process for many files: loading the same libraries anew for each of them was half of the time. So no test may leave
    // anything behind that is global: time, environment, and modules are handed in.
    isolate: false,
  },
})
