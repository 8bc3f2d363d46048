import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { inRepository } from '../../support/repository.ts';

const BLOCKS = 64;
/** Leaves 16 MiB of garbage at each message, has it collected, and answers when it is gone. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  import(${JSON.stringify(inRepository('collector/dist/store/shard/collect-garbage.js'))}).then(({ collectGarbage }) => {
    const answer = () => {
      if (process.memoryUsage().arrayBuffers > ${BLOCKS} * 65_536) setTimeout(answer, 10);
      else parentPort.postMessage('collected');
    };
    parentPort.on('message', () => {
      globalThis.blocks = Array.from({ length: ${BLOCKS} }, () => new Uint32Array(65_536));
      globalThis.blocks = undefined;
      collectGarbage();
      answer();
    });
    parentPort.postMessage('ready');
  });
`;

it('a thread at rest collects what a load has left, and goes on', async () => {
  const worker = new Worker(THREAD, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  expect(await once(worker, 'message')).toEqual(['ready']);
  for (let load = 0; load < 3; load++) {
    worker.postMessage('load');
    expect(await once(worker, 'message')).toEqual(['collected']);
  }
});
