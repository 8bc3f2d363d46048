import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AbortWatch, tellProgram } from '../../../../src/control/abort-watch.ts';

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

test('a program that never answers holds the abort for five minutes, one that answers for as long as it takes', async () => {
  const silent = tellProgram(() => new Promise(() => undefined), 'diverges').catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(299_000);
  expect(await Promise.race([silent, 'waits'])).toBe('waits');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await silent).toBe('it was not done after five minutes');
  const reasons: string[] = [];
  await tellProgram((reason) => void reasons.push(reason), 'too hot');
  expect(reasons).toEqual(['too hot']);
  expect(vi.getTimerCount()).toBe(0);
});
