import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpRun } from '../../support/otlp-run.ts';

const HOUR_MILLISECONDS = 3_600_000;
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

it('another unit of time judges no run anew that has ended, until it goes on', async () => {
  const begun = Date.now() - HOUR_MILLISECONDS;
  const run = new OtlpRun(collector.url, randomId(), begun);
  await run.start();
  const timing = { 'simvue.alert.window_minutes': 1, 'simvue.alert.frequency_minutes': 1 };
  const define = (name: string, rule: Record<string, string>) =>
    run.control('simvue.alert.define', { ...timing, ...rule, 'simvue.alert.name': name });
  await define('bounding', { 'simvue.alert.source': 'events', 'simvue.alert.pattern': 'bounding' });
  await define('finite', {
    ...{ 'simvue.alert.source': 'metrics', 'simvue.alert.metric': 'loss' },
    'simvue.alert.rule': 'is not finite',
  });
  await run.event('bounding omega', 10);
  await run.event('calm', 100);
  await run.metrics({ loss: [[100.5, Number.NaN]] });
  await run.end(101);
  const judged = async () => {
    const { alerts } = (await collector.ask('GET', `/runs/${run.id}`)).json;
    const told = alerts.map(async ({ alert, status }: { alert: { id: string; name: string }; status: string }) => {
      const { data } = (await collector.ask('GET', `/alerts/${alert.id}/evaluations?run=${run.id}`)).json;
      const verdicts = data.map(({ verdict }: { verdict: string }) => verdict);
      return `${alert.name} is ${status}: ${verdicts.join()}`;
    });
    return (await Promise.all<string>(told)).sort();
  };
  const before = ['bounding is ok: ok,firing', 'finite is critical: firing'];
  await expect.poll(judged).toEqual(before);

  await collector.reopen({ alertUnit: 'seconds' });
  const again = new OtlpRun(collector.url, run.id, begun);
  await collector.ask('PUT', `/runs/${run.id}`, { metadata: { seen: true } });
  await again.event('bounding k, sent late', 100.9);
  // Of another run, behind it: what the first one makes of it has been judged.
  const other = new OtlpRun(collector.url, randomId(), begun);
  await other.start();
  expect(await judged()).toEqual(before);

  await again.control('simvue.run.start', { 'simvue.run.status': 'running', 'simvue.run.role': 'owner' }, 200);
  await again.event('bounding epsilon', 210);
  await expect.poll(judged).toEqual(['bounding is critical: firing,ok,firing', before[1]]);
});
