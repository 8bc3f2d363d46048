import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '@msgpack/msgpack';

const STEPS_A_REQUEST = 20;
const PAUSE_MILLIS = 10;
const RETRY_MILLIS = 100;
const FIRST_UNIX_MILLIS = 1_769_860_800_000;

/** What a run was acknowledged to have. */
export interface RestRun {
  readonly id: string;
  /** Steps below this one; each has the values of {@link restValue} and one event. */
  steps: number;
  /** Newest value of the metadata key `round`. */
  round: number;
  /** Answers by status or error code. */
  readonly answers: Record<string, number>;
}

/** Value of a metric of {@link driveRestRun} at a step. */
export const restValue = (metric: 'loss' | 'accuracy', step: number): number =>
  metric === 'loss' ? Math.sin(step) : step / 1000;

const timestamp = (step: number): string => new Date(FIRST_UNIX_MILLIS + step).toISOString().replace('Z', '000');

/**
 * Makes a run and writes to it as Simvue's Python client does, a request after the other, each tried until it is acknowledged.
 *
 * @param isOver - asked before each round of points, events and metadata.
 * @param onRound - told of each round that was acknowledged.
 */
export async function driveRestRun(collectorUrl: string, isOver: () => boolean, onRound: () => void): Promise<RestRun> {
  const answers: Record<string, number> = {};
  const send = (method: string, path: string, body: object) =>
    untilAcknowledged(`${collectorUrl}/api${path}`, method, body, answers);
  const { id } = (await send('POST', '/runs', { folder: '/crash', status: 'running' })) as { id: string };
  const run: RestRun = { id, steps: 0, round: 0, answers };
  while (!isOver()) {
    const steps = Array.from({ length: STEPS_A_REQUEST }, (_, index) => run.steps + index);
    const metrics = steps.map((step) => ({
      timestamp: timestamp(step),
      step,
      time: step / 1000,
      values: { loss: restValue('loss', step), accuracy: restValue('accuracy', step) },
    }));
    const events = steps.map((step) => ({ timestamp: timestamp(step), message: `step ${step}` }));
    await send('POST', '/metrics', { run: id, metrics });
    await send('POST', '/events', { run: id, events });
    run.steps += STEPS_A_REQUEST;
    await send('PUT', `/runs/${id}`, { metadata: { round: run.round + 1 } });
    run.round++;
    onRound();
    await sleep(PAUSE_MILLIS);
  }
  return run;
}

/** @returns the body of the 200; anything but trouble of the moment fails. */
async function untilAcknowledged(
  url: string,
  method: string,
  body: object,
  answers: Record<string, number>,
): Promise<unknown> {
  const isData = /\/(metrics|events)$/.test(url);
  for (;;) {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': isData ? 'application/msgpack' : 'application/json' },
      body: isData ? Buffer.from(encode(body)) : JSON.stringify(body),
    }).catch(() => undefined);
    const answer = String(response?.status ?? 'no answer');
    answers[answer] = (answers[answer] ?? 0) + 1;
    if (response?.status === 200) return response.json();
    if (response !== undefined && response.status !== 503)
      throw new Error(`${url}: ${response.status} ${await response.text()}`);
    await sleep(RETRY_MILLIS);
  }
}
