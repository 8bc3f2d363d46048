import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

interface ProjectSettings {
  readonly include?: string[];
  readonly exclude?: string[];
  readonly isolate?: boolean;
  readonly fileParallelism?: boolean;
  readonly retry?: number;
  readonly sequence?: { readonly groupOrder: number };
}

/** For tests that take the machine for themselves: one file after the other. */
const ALONE = { fileParallelism: false };
/** Tests of collectors inside the test's own process. */
const IN_PROCESS = ['access', 'alerts', 'catalog', 'magnus', 'rest'].map(
  (area) => `test/integration/${area}/**/*.test.ts`,
);
/** Tests of what one sees in a browser: tried a second time, said as `(retry x1)`, since Chromium on a loaded machine may drop a frame or a click. */
const IN_BROWSER = ['test/e2e/page*.test.ts', 'test/e2e/story-*.test.ts'];

const project = (name: string, testTimeout: number, settings: ProjectSettings = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: [...IN_BROWSER, ...IN_PROCESS],
    setupFiles: ['test/support/own-spool.ts'],
    testTimeout,
    hookTimeout: testTimeout,
    // A slow machine is no failure.
    expect: { poll: { timeout: 15_000 } },
    // What is built runs as it is: node loads it, nothing transforms it again for each file.
    server: { deps: { external: [/\/dist\//] } },
    // Where the tests run from is no part of what they expect.
    env: { SIMVUE_DISABLE_PROVENANCE: 'true' },
    ...settings,
  },
});

export default defineConfig({
  test: {
    // Tests wait for other processes more than they compute.
    maxWorkers: Math.max(4, availableParallelism()),
    projects: [
      // Unit tests share a process: what they test has no state of its own, and loading it again is half of their time.
      project('unit', 60_000, { isolate: false }),
      project('integration', 180_000),
      // They share processes too: loading a collector for each file is half of their time, and none changes what another sees.
      project('integration-shared', 180_000, { isolate: false, include: IN_PROCESS, exclude: [] }),
      project('contract', 120_000, ALONE),
      project('e2e', 180_000, ALONE),
      project('e2e-browser', 180_000, {
        ...ALONE,
        include: IN_BROWSER,
        exclude: [],
        retry: 1,
        sequence: { groupOrder: 1 },
      }),
      project('long', 3_600_000, ALONE),
    ],
  },
});
