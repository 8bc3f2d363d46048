import { describe, expect, test } from 'vitest';
import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { concernsOf, isPast } from '../../../web/src/lib/concerns.ts';
import { leadMetric } from '../../../web/src/lib/lead-metric.ts';

const NOW = Date.UTC(2026, 10, 21, 12) / 1000;
const stamp = (secondsAgo: number) => new Date((NOW - secondsAgo) * 1000).toISOString().replace('Z', '000');
const run = (id: string, change: Partial<RunListItem> = {}): RunListItem =>
  ({
    ...{ id, name: id, status: 'running', created: stamp(4000), started: stamp(3600), endtime: null },
    ...{ last_sign: stamp(1), modified: stamp(1), heartbeat_timeout: 180, system: null, exit_code: null },
    ...{ exit_signal: null, alerts: [] },
    ...change,
  }) as unknown as RunListItem;
const alert = (id: string, since: string | null, rule: Record<string, string | number> | null) => ({
  alert: { id, name: id, source: rule ? 'metrics' : 'user', alert: rule, unit: 'minutes', delay: 0 },
  status: 'critical',
  since,
});
const none = { firing: [], failed: [], lost: [], stalled: [] };

describe('what needs a look', () => {
  test('is told in words, the newest first', () => {
    const rule = { rule: 'is above', metric: 'p', threshold: 1, window: 2, frequency: 1 };
    const concerns = concernsOf(
      {
        firing: [run('a', { alerts: [alert('grows', stamp(60), rule), alert('told', stamp(90), null)] as never })],
        failed: [
          run('b', { status: 'failed', endtime: stamp(30), exit_code: 134 }),
          run('c', { status: 'failed', endtime: stamp(40), exit_signal: 'SIGABRT', exit_code: 134 }),
          run('d', { status: 'failed', endtime: stamp(50) }),
        ],
        lost: [run('e', { status: 'lost', last_sign: stamp(1860), system: { hostname: 'node-17' } })],
        stalled: [],
      },
      NOW,
    );
    expect(concerns.map(({ run: { id }, kind, title, detail }) => [id, kind, title, detail])).toEqual([
      ['b', 'failed', 'Exit code 134', 'after 59 m 30 s'],
      ['c', 'failed', 'Ended by SIGABRT', 'after 59 m 20 s'],
      ['d', 'failed', 'Failed', 'after 59 m 10 s'],
      ['a', 'firing', 'grows', 'p is above 1, average over 2 min, each 1 min'],
      ['a', 'firing', 'told', 'the program says so'],
      ['e', 'lost', 'No sign of life', 'time-out 3 min; host node-17'],
    ]);
    expect(concerns.map(({ metric }) => metric)).toContain('p');
  });

  test('has alerts of runs that have ended after all else, and no alert that only says that a run has failed', () => {
    const ended = run('c', { status: 'completed', alerts: [alert('late', stamp(5), null)] as never });
    const failed = { ...alert('failed', stamp(1), null), status: 'critical' };
    const gone = { ...failed, alert: { ...failed.alert, source: 'run', alert: { status: 'failed' } } };
    const running = run('a', { alerts: [alert('early', stamp(900), null)] as never });
    const firing = [ended, running, run('b', { status: 'failed', alerts: [gone] as never })];
    const lost = [run('e', { status: 'lost', last_sign: stamp(1860) })];
    const concerns = concernsOf({ ...none, firing, lost }, NOW);
    expect(concerns.map(({ title }) => title)).toEqual(['early', 'No sign of life', 'late']);
    expect(concerns.map(isPast)).toEqual([false, false, true]);
  });

  test('is another matter when an alert fires again, and the same while it lasts', () => {
    const keyAt = (since: string) =>
      concernsOf({ ...none, firing: [run('a', { alerts: [alert('grows', since, null)] as never })] }, NOW)[0]?.key;
    expect(keyAt(stamp(60))).toBe(keyAt(stamp(60)));
    expect(keyAt(stamp(60))).not.toBe(keyAt(stamp(5)));
  });

  test('says of a run that stands still how it went until then', () => {
    const stalled = { run: run('a'), metric: 'loss', points: 300, pause_seconds: 1.08, last: stamp(360) };
    const [concern] = concernsOf({ ...none, stalled: [stalled] }, NOW);
    const detail = '300 points of loss, one each 1.08 s; last sign of life 1.0 s ago';
    expect(concern).toMatchObject({ kind: 'stalled', title: 'No new point', detail, metric: 'loss', at: NOW - 360 });
  });
});

test.each<[readonly string[], string | undefined]>([
  [['resources/cpu', 'cfl', 'val.loss', 'residuals.p'], 'residuals.p'],
  [['cfl', 'train_loss'], 'train_loss'],
  [['resources/cpu', 'cfl', 'dt'], 'cfl'],
  [['resources/cpu'], undefined],
])('of %j, %s is drawn', (names, lead) => {
  expect(leadMetric(names)).toBe(lead);
});
