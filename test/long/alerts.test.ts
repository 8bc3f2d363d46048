import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomId } from '../../collector/pipeline/run-id.ts';
import { TestCollector } from '../support/collector-app.ts';
import { OtlpRun } from '../support/otlp-run.ts';

const SECONDS = 135;
const define = (
  name: string,
  rule: string,
  metric: string,
  window: number,
  bounds: Readonly<Record<string, number>>,
) => ({
  'simvue.alert.name': name,
  'simvue.alert.source': 'metrics',
  'simvue.alert.rule': rule,
  'simvue.alert.metric': metric,
  'simvue.alert.window_minutes': window,
  'simvue.alert.frequency_minutes': 1,
  ...Object.fromEntries(Object.entries(bounds).map(([key, value]) => [`simvue.alert.${key}`, value])),
});

test('the alerts of seeds 000 and 001 fire when the seeds say so, in real time', { timeout: 200_000 }, async () => {
  await using collector = await TestCollector.start();
  const startedAt = Date.now();
  const run = new OtlpRun(collector.url, randomId(), startedAt);
  await run.start();
  await run.control(
    'simvue.alert.define',
    define('in range', 'is outside range', 'averages.mean', 2, { range_low: 4, range_high: 6 }),
  );
  await run.control(
    'simvue.alert.define',
    define('out of range', 'is outside range', 'averages.mean', 2, { range_low: 9, range_high: 10 }),
  );
  await run.control('simvue.alert.define', {
    'simvue.alert.name': 'event',
    'simvue.alert.source': 'events',
    'simvue.alert.pattern': 'Performing',
  });
  await run.control('simvue.alert.define', define('too low', 'is below', 'quality', 1, { threshold: 0.4 }));
  await run.control(
    'simvue.alert.define',
    define('beyond', 'is outside range', 'quality', 1, { range_low: 1, range_high: 5 }),
  );

  const firedAt = new Map<string, number>();
  for (let second = 1; second <= SECONDS; second++) {
    await sleep(Math.max(0, startedAt + second * 1000 - Date.now()));
    await run.event(`Performing iteration ${second}`, second);
    await run.points('averages.mean', [[second, 5]]);
    await run.points('quality', [[second, 0.3]]);
    const { alerts } = (await collector.ask('GET', `/runs/${run.id}`)).json;
    for (const { alert, status } of alerts) {
      if (status === 'critical' && !firedAt.has(alert.name))
        firedAt.set(alert.name, Math.round((Date.now() - startedAt) / 1000));
    }
  }
  const between = (name: string, low: number, high: number): void => {
    expect(firedAt.get(name), name).toBeGreaterThanOrEqual(low);
    expect(firedAt.get(name), name).toBeLessThanOrEqual(high);
  };
  between('event', 1, 3);
  between('too low', 60, 63);
  between('beyond', 60, 63);
  between('out of range', 120, 123);
  expect(firedAt.has('in range')).toBe(false);
});
