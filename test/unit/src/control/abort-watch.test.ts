import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AbortWatch } from '../../../../src/control/abort-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the server is asked every ten seconds, also after it did not answer; an abort is told once', async () => {
  const answers = [{ status: false }, undefined, { status: true, reason: 'diverges' }, { status: true }];
  const asked: number[] = [];
  const reasons: string[] = [];
  const ask = async () => {
    asked.push(Date.now());
    const answer = answers.shift();
    if (answer === undefined) throw new Error('away');
    return answer;
  };
  const started = Date.now();
  new AbortWatch(ask, (reason) => reasons.push(reason));
  await vi.advanceTimersByTimeAsync(100_000);
  expect(asked.map((at) => at - started)).toEqual([10_000, 20_000, 30_000]);
  expect(reasons).toEqual(['diverges']);
});

test('a watch that was stopped says nothing, not even when its question is under way', async () => {
  let answer = (_: { status: boolean }) => {};
  const ask = () =>
    new Promise<{ status: boolean }>((resolve) => {
      answer = resolve;
    });
  const reasons: string[] = [];
  const watch = new AbortWatch(ask, (reason) => reasons.push(reason));
  await vi.advanceTimersByTimeAsync(10_000);
  watch.stop();
  answer({ status: true });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reasons).toEqual([]);
});
