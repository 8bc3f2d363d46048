import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Aggregation, NoDataRule, WindowRule } from '../../collector/alert/rule.ts';
import { TickWatch } from '../../collector/alert/tick-watch.ts';
import { pointBatch } from '../support/point-batch.ts';
import { inRepository } from '../support/repository.ts';

const PROMTOOL = inRepository('.cache/prometheus/usr/bin/promtool');
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
/** Never on a boundary of a window within the scenario: Prometheus 2 takes a point at the beginning of a window, we do not. */
const STEP_SECONDS = 7;
const POINTS = 51;
const MINUTES = 5;

interface Scenario {
  readonly name: string;
  /** Undefined = no point at that step. */
  readonly values: readonly (number | undefined)[];
  readonly rule: WindowRule | NoDataRule;
  readonly expression: string;
}

const OVER_TIME: Partial<Record<Aggregation, (series: string, window: string, threshold: number) => string>> = {
  average: (series, window, threshold) => `avg_over_time(${series}[${window}]) > ${threshold}`,
  sum: (series, window, threshold) => `sum_over_time(${series}[${window}]) > ${threshold}`,
  'at least one': (series, window, threshold) => `max_over_time(${series}[${window}]) > ${threshold}`,
  all: (series, window, threshold) => `min_over_time(${series}[${window}]) > ${threshold}`,
  spread: (series, window, threshold) =>
    `max_over_time(${series}[${window}]) - min_over_time(${series}[${window}]) > ${threshold} and count_over_time(${series}[${window}]) > 1`,
};

/** The same numbers in each run of the test. */
function random(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

function scenarios(): Scenario[] {
  return Array.from({ length: 120 }, (_, index) => {
    const next = random(index);
    const hole = Math.floor(next() * POINTS);
    const values = Array.from({ length: POINTS }, (_, i) =>
      i === 0 || next() < 0.2 || (i >= hole && i < hole + 20) ? undefined : Math.round(next() * 20),
    );
    const name = `m${index}`;
    const windowMinutes = 1 + Math.floor(next() * 3);
    const timing = { delayNano: 0, windowNano: windowMinutes * MINUTE, frequencyNano: MINUTE };
    const kinds = Object.entries(OVER_TIME) as [Aggregation, NonNullable<(typeof OVER_TIME)[Aggregation]>][];
    const kind = kinds[index % (kinds.length + 1)];
    if (kind === undefined) {
      const rule: NoDataRule = { kind: 'no data', metric: name, ...timing };
      return { name, values, rule, expression: `absent_over_time(${name}[${windowMinutes}m])` };
    }
    const [aggregation, overTime] = kind;
    const threshold = (aggregation === 'sum' ? 80 : aggregation === 'all' ? 2 : 10) + 0.5;
    const bounds = { test: 'is above', threshold } as const;
    const rule: WindowRule = {
      kind: 'window',
      metric: name,
      bounds,
      aggregation,
      evaluatesPartialWindow: true,
      ...timing,
    };
    return { name, values, rule, expression: overTime(name, `${windowMinutes}m`, threshold) };
  });
}

/** Minutes at which our evaluator says that the rule fires. */
function firingMinutes({ rule, values }: Scenario): Set<number> {
  const watch = new TickWatch(rule, 0);
  const firing = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (value !== undefined) watch.addPoints(pointBatch([index * STEP_SECONDS * SECOND, value, index]));
  }
  watch.advance(MINUTES * MINUTE, ({ timeNano, verdict, skipped, previous }) => {
    const minute = timeNano / MINUTE;
    if (verdict === 'firing') firing.add(minute);
    if (previous === 'firing') for (let left = 1; left <= skipped; left++) firing.add(minute - left);
  });
  return firing;
}

test('fires at the same minutes as Prometheus does, over every rule that both can say', async () => {
  const all = scenarios();
  const directory = await mkdtemp(join(tmpdir(), 'simvue-promtool-'));
  const rules = all.map(({ name, expression }) => ({ alert: name, expr: expression }));
  await writeFile(join(directory, 'rules.yml'), JSON.stringify({ groups: [{ name: 'all', interval: '1m', rules }] }));
  let fired = 0;
  const expectations = all.flatMap((scenario) => {
    const firing = firingMinutes(scenario);
    fired += firing.size;
    const first = scenario.rule.kind === 'no data' ? scenario.rule.windowNano / MINUTE : 1;
    return Array.from({ length: MINUTES - first + 1 }, (_, i) => ({
      eval_time: `${first + i}m`,
      alertname: scenario.name,
      exp_alerts: firing.has(first + i) ? [{ exp_labels: {} }] : [],
    }));
  });
  const series = all.map(({ name, values }) => ({
    series: name,
    values: values.map((value) => value ?? '_').join(' '),
  }));
  await writeFile(
    join(directory, 'test.yml'),
    JSON.stringify({
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [{ interval: `${STEP_SECONDS}s`, input_series: series, alert_rule_test: expectations }],
    }),
  );
  const { stdout } = await promisify(execFile)(PROMTOOL, ['test', 'rules', 'test.yml'], {
    cwd: directory,
    maxBuffer: 1 << 24,
  });
  expect(stdout).toContain('SUCCESS');
  expect(fired).toBeGreaterThan(50);
  expect(fired).toBeLessThan(expectations.length - 50);
  await rm(directory, { recursive: true });
});
