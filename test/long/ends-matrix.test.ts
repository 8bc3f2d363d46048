import { afterAll, beforeAll } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { testEnds } from '../support/ends-matrix.ts';

const ROUNDS = 10;

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

testEnds(() => collector, ['up', 'down', 'slow'], ROUNDS);
