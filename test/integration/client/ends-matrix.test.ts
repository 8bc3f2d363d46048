import { afterAll, beforeAll } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { testEnds } from '../../support/ends-matrix.ts';

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

// In test/long, also while the collector is slow, and ten times.
testEnds(() => collector, ['up', 'down']);
