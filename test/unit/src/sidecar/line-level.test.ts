import { expect, test } from 'vitest';
import { levelOfLine } from '../../../../src/sidecar/line-level.ts';

test.each([
  ['FATAL: divergence', 'fatal'],
  ['Error: cannot read mesh', 'error'],
  ['Error in f(x) : bad argument', 'error'],
  ['** WARNING ** time step is large', 'warning'],
  ['2024-01-01 12:00:00,123 [main] ERROR solver - bad', 'error'],
  ['10:00:01.5 Warning slow convergence', 'warning'],
  ['2024-01-01T00:00:00Z info: ready', 'info'],
  ['[debug] assembled', 'debug'],
  ['main.c:3:5: error: expected ;', 'error'],
  ['time=12:00 level=warn msg=slow', 'warn'],
  ['{"level":"error","msg":"x"}', 'error'],
  ['Error: 2 files failed', 'error'],
  ['1 time step, 3 iterations', undefined],
  ['no error found', undefined],
  ['0 errors', undefined],
  ['0 Error(s)', undefined],
  ['Residual error 0.01', undefined],
  ['L2 error: 1.2e-3 at x=0', undefined],
  ['Error norm = 3.4D-05', undefined],
  ['ERROR 12', undefined],
  ['error: nan', undefined],
  ['relative error is small', undefined],
  ['information about the mesh', undefined],
  ['', undefined],
] as const)('%s → %s', (line, level) => {
  expect(levelOfLine(line)).toBe(level);
});
