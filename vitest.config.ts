import { defineConfig } from 'vitest/config';

const onPostgres = ['test/**/*.db.test.ts', 'test/**/*.e2e.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two projects, so that a run of unit tests alone starts no server.
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: onPostgres } },
      { test: { name: 'postgres', include: onPostgres, globalSetup: ['test/support/global-setup.ts'] } },
    ],
  },
});
