import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpRun } from '../../support/otlp-run.ts';
import { eventually } from '../../support/rest-reader.ts';

const SLICE_SECONDS = 45;
const timing = (window: number, frequency: number) => ({ window, frequency });
/** A rule of each kind. */
const RULES: readonly { readonly source: string; readonly delay?: number; readonly alert: object }[] = [
  { source: 'metrics', alert: { rule: 'is above', metric: 'loss', threshold: 0, ...timing(1, 1) } },
  { source: 'metrics', alert: { rule: 'is below', metric: 'res.*', threshold: 0.2, ...timing(2.5, 1) } },
  {
    source: 'metrics',
    alert: { rule: 'is outside range', metric: '*', range_low: -0.3, range_high: 0.3, ...timing(0.5, 0.75) },
  },
  {
    source: 'metrics',
    delay: 3.3,
    alert: { rule: 'is inside range', metric: 'res.*', range_low: -0.3, range_high: 0.3, ...timing(2, 1) },
  },
  ...['sum', 'at least one', 'all', 'rate of change', 'spread'].map((aggregation) => ({
    source: 'metrics',
    alert: { rule: 'is above', metric: 'loss', threshold: 0.4, aggregation, ...timing(1, 0.5) },
  })),
  {
    source: 'metrics',
    alert: { rule: 'is above', metric: 'loss', threshold: 0, evaluate_partial_window: true, ...timing(4, 1) },
  },
  { source: 'metrics', alert: { rule: 'has no data', metric: 'res.*', ...timing(1, 0.5) } },
  { source: 'metrics', alert: { rule: 'is not finite', metric: '*', ...timing(1, 1) } },
  { source: 'events', alert: { pattern: 'FATAL', ...timing(2, 1) } },
  { source: 'events', delay: 4, alert: { pattern: 'FATAL|WARN', pattern_type: 'regex', ...timing(1, 1) } },
  { source: 'run', alert: { status: 'failed' } },
];

/** What is sent in a slice of time; sums are exact. */
const VALUE = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const POINTS = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: SLICE_SECONDS }), VALUE), {
  maxLength: 6,
  selector: ([seconds]) => seconds,
});
const SLICE = fc.record({
  event: fc.constantFrom('FATAL: mesh', 'WARN', 'fine', 'fine', 'fine'),
  metrics: fc.record({ loss: POINTS, 'res.a': POINTS, 'res.b': POINTS }, { requiredKeys: [] }),
});
const RUN = fc.record({
  slices: fc.array(SLICE, { minLength: 12, maxLength: 16 }),
  status: fc.constantFrom('completed', 'failed'),
});

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

interface Change {
  readonly time: string;
  readonly series: string;
  readonly value: number | string | null;
  readonly points: number;
}
/** A rule that counts the points of several series takes equal ones of one moment for one that came twice. */
const changeOf = ({ time, series, value, points }: Change, state: string, isCount: boolean) =>
  `${time} ${series} ${state}${isCount ? '' : ` ${value} ${points}`}`;

it('a rule of each kind, tried on what is stored of a run, finds what it found while the run was written', async () => {
  const alerts: string[] = [];
  for (const [index, rule] of RULES.entries())
    alerts.push((await collector.ask('POST', '/alerts', { name: `rule ${index}`, ...rule })).json.id);
  const runs = fc.sample(RUN, 3);
  const sent = await Promise.all(
    runs.map(async ({ slices, status }) => {
      const run = new OtlpRun(collector.url, randomId(), Date.now() - 3_600_000);
      await run.start();
      for (const alert of alerts) await collector.ask('PUT', `/runs/${run.id}/alerts/${alert}`);
      for (const [index, { event, metrics }] of slices.entries()) {
        const from = index * SLICE_SECONDS;
        await run.event(event, from + 0.5);
        const points = Object.entries(metrics).map(([metric, some = []]) => [
          metric,
          some.map(([seconds, value]) => [from + seconds, value] as const).toSorted(([a], [b]) => a - b),
        ]);
        await run.metrics(Object.fromEntries(points));
      }
      await run.end(slices.length * SLICE_SECONDS + 7, status);
      return run.id;
    }),
  );
  let fired = 0;
  for (const run of sent) {
    for (const [index, { source, alert, delay = 0 }] of RULES.entries()) {
      const isCount = JSON.stringify(alert).includes('has no data');
      const tried = (await collector.ask('POST', '/alerts/test', { run, source, alert, delay })).json;
      const expected = tried.changes
        .map((one: Change & { state: string }) => changeOf(one, one.state, isCount))
        .toSorted();
      const found = async (): Promise<string[]> => {
        const { data } = (await collector.ask('GET', `/alerts/${alerts[index]}/evaluations?run=${run}`)).json;
        const changes = data.filter(({ changed }: { changed: boolean }) => changed);
        return changes.map((one: Change & { verdict: string }) => changeOf(one, one.verdict, isCount)).toSorted();
      };
      // The last tick is seconds after the end.
      const isSame = (changes: readonly string[]): boolean => isDeepStrictEqual(changes, expected);
      const last = await eventually(found, isSame, 15_000).catch(found);
      expect(last, `rule ${index}: ${JSON.stringify(alert)}`).toEqual(expected);
      fired += expected.filter((change: string) => change.includes(' firing')).length;
    }
  }
  expect(fired).toBeGreaterThan(RULES.length);
}, 60_000);
