import { defineConfig } from 'vitest/config';

const onPostgres = ['test/**/*.db.test.ts', 'test/**/*.e2e.test.ts'];

export default defineConfig({
  test: {
    // One worker is the default on two cores. With three the suite took as long, 53 minutes of CPU being what they are, and
    // tests that bound a time were late.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two projects, so that a run of unit tests alone starts no server.
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: onPostgres } },
      { test: { name: 'postgres', include: onPostgres, globalSetup: ['test/support/global-setup.ts'] } },
    ],
  },
});
