import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of what one sees in a browser: tried a second time, said as `(retry x1)`, since Chromium on a loaded machine may drop a frame or a click. */
const IN_BROWSER = ['test/e2e/page*.test.ts', 'test/e2e/story-*.test.ts'];

const project = (name: string, testTimeout: number, sequential = false) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: IN_BROWSER,
    setupFiles: ['test/support/own-spool.ts'],
    testTimeout,
    hookTimeout: testTimeout,
    // Where the tests run from is no part of what they expect.
    env: { SIMVUE_DISABLE_PROVENANCE: 'true' },
    ...(sequential ? { fileParallelism: false } : {}),
  },
});

export default defineConfig({
  test: {
    // Tests wait for other processes more than they compute.
    maxWorkers: Math.max(4, availableParallelism()),
    projects: [
      project('unit', 20_000),
      project('integration', 60_000),
      project('contract', 120_000, true),
      project('e2e', 180_000, true),
      {
        test: {
          ...project('e2e-browser', 180_000, true).test,
          include: IN_BROWSER,
          exclude: [],
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
      project('long', 3_600_000, true),
    ],
  },
});
