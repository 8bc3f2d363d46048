import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { pythonOf } from '../support/python-environment.ts';
import { CLIENT_TOKEN } from '../support/simvue-client.ts';

const DEADLINE_MILLIS = 600_000;

test(
  "the client's own tests of its objects, as published with 2.6.2, pass",
  async () => {
    await using collector = await CollectorProcess.start();
    const python = await pythonOf('simvue-suite-2.6.2');
    const home = await mkdtemp(join(tmpdir(), 'simvue-suite-'));
    try {
      const tests = join(dirname(dirname(python)), 'suite', 'tests');
      // Some tests of a file make a user of one name: a file is one worker's.
      const options = ['-q', '-n', '4', '--dist', 'loadfile', '-p', 'no:warnings', '-p', 'no:cacheprovider'];
      const environment = {
        HOME: home,
        TZ: 'UTC',
        MPLBACKEND: 'agg',
        SIMVUE_URL: collector.url,
        SIMVUE_TOKEN: CLIENT_TOKEN,
      };
      const suite = await new TestProcess(
        python,
        ['-m', 'pytest', ...options, '--confcutdir', tests, join(tests, 'unit')],
        environment,
        home,
      ).exited;
      expect(suite.stdout).toMatch(/\d{3} passed/);
      expect(suite.stdout).not.toMatch(/failed|error/);
      expect(suite.code).toBe(0);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  DEADLINE_MILLIS,
);
