import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpRun } from '../../support/otlp-run.ts';

const HOUR_MILLISECONDS = 3_600_000;
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

interface Attached {
  readonly alert: { readonly id: string; readonly name: string; readonly alert: { readonly threshold: number } | null };
  readonly status: string | null;
}

const attached = async (run: string): Promise<Attached[]> => (await collector.ask('GET', `/runs/${run}`)).json.alerts;
const stands = async (run: string) =>
  (await attached(run)).map(({ alert, status }) => `${alert.name} above ${alert.alert?.threshold}: ${status}`);

const definition = (threshold: number, notification = 'none') => ({
  'simvue.alert.name': 'divergence',
  'simvue.alert.source': 'metrics',
  'simvue.alert.rule': 'is above',
  'simvue.alert.metric': 'loss',
  'simvue.alert.threshold': threshold,
  'simvue.alert.window_minutes': 1,
  'simvue.alert.frequency_minutes': 1,
  'simvue.alert.notification': [notification],
});
const define = (run: OtlpRun, threshold: number, notification?: string) =>
  run.control('simvue.alert.define', definition(threshold, notification));

const LOSS = Array.from({ length: 60 }, (_, index) => [index * 10, 0.5] as const);
const logLoss = (run: OtlpRun) => run.points('loss', LOSS);

/** A run of ten minutes in the past whose loss is 0.5 all the time, which its alert above 0.9 has judged. */
async function endedRun(): Promise<OtlpRun> {
  const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
  await run.start();
  await define(run, 0.9);
  await logLoss(run);
  await run.end(600);
  await expect.poll(() => stands(run.id)).toEqual(['divergence above 0.9: ok']);
  return run;
}

describe('a run that has ended, and a second alert of a name that it has', () => {
  it.each([
    ['another rule', 0.1, 'none'],
    ['another channel', 0.9, 'email'],
  ])('refuses %s by name, says what helps, and keeps the first with what it found', async (_, threshold, channel) => {
    const run = await endedRun();
    const before = await attached(run.id);
    const why = `the run has ended and keeps the other alert of this name that it has`;
    const help = `choose another name, or change that one (PUT /api/alerts/${before[0]?.alert.id})`;
    await expect(define(run, threshold, channel)).rejects.toThrow(
      JSON.stringify(`simvue.alert.name "divergence" is taken: ${why}; ${help}`).slice(1, -1),
    );
    expect(await attached(run.id)).toEqual(before);
  });

  it('takes the last of those that come in one request with its end, as one that goes on', async () => {
    const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
    await run.controls([
      ['simvue.run.start', { 'simvue.run.status': 'running', 'simvue.run.role': 'owner' }, 0],
      ['simvue.alert.define', definition(0.9), 0],
      ['simvue.alert.define', definition(0.1), 0],
      ['simvue.run.end', { 'simvue.run.status': 'completed', 'simvue.run.role': 'owner' }, 600],
    ]);
    expect(await stands(run.id)).toEqual(['divergence above 0.1: null']);
  });

  it('has both when the second is attached by REST, once each when they are attached again', async () => {
    const run = await endedRun();
    const [first] = await attached(run.id);
    const rule = { rule: 'is above', metric: 'loss', threshold: 0.1, window: 1, frequency: 1, aggregation: 'average' };
    const body = { name: 'divergence', source: 'metrics', alert: rule, notification: 'none' };
    const { id } = (await collector.ask('POST', '/alerts?deduplicate=True', body)).json;
    for (let time = 0; time < 2; time++) {
      await collector.ask('PUT', `/runs/${run.id}`, { alerts: [first?.alert.id, id] });
      await collector.ask('PUT', `/runs/${run.id}/alerts/${id}`);
      expect(await stands(run.id)).toEqual(['divergence above 0.9: ok', 'divergence above 0.1: null']);
    }
  });

  it('takes what it has or had once more as it always did, also after a start with another unit of time', async () => {
    const begun = Date.now() - HOUR_MILLISECONDS;
    const run = new OtlpRun(collector.url, randomId(), begun);
    await run.start();
    await define(run, 0.1);
    await define(run, 0.9);
    await logLoss(run);
    await run.end(600);
    await expect.poll(() => stands(run.id)).toEqual(['divergence above 0.9: ok']);
    const found = async () => (await attached(run.id)).map(({ alert, status }) => [alert.id, status]);
    const before = await found();
    await define(run, 0.9);
    await define(run, 0.1);
    await collector.reopen({ alertUnit: 'seconds' });
    const again = new OtlpRun(collector.url, run.id, begun);
    await define(again, 0.9);
    expect(await found()).toEqual(before);
    await expect(define(again, 0.2)).rejects.toThrow('is taken');
    expect(await found()).toEqual(before);
  });
});
