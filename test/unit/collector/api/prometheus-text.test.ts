import { expect, it } from 'vitest';
import { createLiveHub } from '../../../../collector/api/live-hub.ts';
import { MetricRegistry } from '../../../../collector/api/prometheus-text.ts';
import { createSelfMetrics } from '../../../../collector/api/self-metrics.ts';

it('writes families with help, type, escaped labels and special values', async () => {
  const registry = new MetricRegistry();
  const refused = registry.counter('refused_total', 'Two\nlines.');
  refused.add(1, { reason: 'a "b" \\ c\nd' });
  refused.add(2, { reason: 'a "b" \\ c\nd' });
  registry.gauge('odd', 'Odd.').set(Number.NEGATIVE_INFINITY);
  registry.summary('seconds', 'Time.').setSummary(3, 0.5);
  expect(await registry.render()).toBe(
    `# HELP refused_total Two\\nlines.
# TYPE refused_total counter
refused_total{reason="a \\"b\\" \\\\ c\\nd"} 3
# HELP odd Odd.
# TYPE odd gauge
odd -Inf
# HELP seconds Time.
# TYPE seconds summary
seconds_sum 0.5
seconds_count 3
`,
  );
});

it('keeps a bounded number of label values: the rest is counted as other', async () => {
  const registry = new MetricRegistry();
  const refused = registry.counter('refused_total', 'Refused.');
  for (let index = 0; index < 1000; index++) refused.add(1, { reason: `reason ${index}` });
  refused.add(5, { reason: 'reason 0' });
  const lines = (await registry.render()).trim().split('\n').slice(2);
  expect(lines).toHaveLength(101);
  expect(lines).toContain('refused_total{reason="reason 0"} 6');
  expect(lines).toContain('refused_total{reason="other"} 900');
});

it('asks for totals that are kept elsewhere before each rendering', async () => {
  const live = createLiveHub({ version: '1' });
  const metrics = createSelfMetrics('1', live);
  metrics.onCollect(async () => metrics.storedPoints.set(42));
  live.subscribe({ write: () => true, end: () => undefined, abort: () => undefined }, []);
  const text = await metrics.render();
  live.close();
  expect(text).toContain('\nsimvue_collector_stored_points_total 42\n');
  expect(text).toContain('\nsimvue_collector_live_readers 1\n');
  expect(text).toContain('simvue_collector_info{version="1"} 1\n');
  expect(text).toMatch(/\nprocess_resident_memory_bytes \d{7,}\n/);
  for (const line of text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? \S+)$/);
});
