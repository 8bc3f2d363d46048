import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../../collector/alert/evaluation.ts';
import { MatchWatch } from '../../../../collector/alert/match-watch.ts';
import { readAlertRule } from '../../../../collector/pipeline/alert-rule.ts';
import { alertsOfEvents } from '../../../../collector/pipeline/event-alerts.ts';
import type { EvaluationRow } from '../../../../collector/store/alert-state-store.ts';
import type { AlertRow } from '../../../../collector/store/alert-store.ts';

const START = 1_769_860_800_123_456_789n;
const RUN = 'a run';

function alertRow(change: Partial<AlertRow> = {}): AlertRow {
  return {
    id: 'one',
    name: 'bounding',
    source: 'events',
    rule: { pattern: 'bound', frequency: 1, window: 1 },
    description: null,
    notification: 'none',
    enabled: true,
    abort: false,
    auto: false,
    runTags: [],
    delay: 0,
    user: 'local',
    tenant: 'default',
    createdUnixNano: START,
    revision: 0,
    ...change,
  };
}

const rowOf =
  (alertId: string) =>
  ({ timeNano, fromNano, previous, state, value, ...rest }: Evaluation): EvaluationRow => ({
    ...rest,
    alertId,
    runId: RUN,
    series: '',
    timeUnixNano: START + BigInt(Math.round(timeNano)),
    fromUnixNano: START + BigInt(Math.round(fromNano)),
    value: value ?? null,
    hasChanged: previous !== state,
  });

const storesOf = (alerts: readonly AlertRow[], rows: readonly EvaluationRow[]) => ({
  alerts: { attachedTo: () => alerts.map((alert) => ({ alert, status: null, sinceUnixNano: null })) },
  alertStates: {
    evaluations: (alertId: string) =>
      rows.filter((row) => row.alertId === alertId).sort((a, b) => Number(b.timeUnixNano - a.timeUnixNano)),
  },
});
const eventAt = (nano: number, body: string) => ({ timeUnixNano: START + BigInt(nano), body });

describe('the alerts that events matched', () => {
  it('are those whose watch took them for a match, and the one that made it fire is told apart', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.constantFrom('bounding omega', 'calm')), {
          maxLength: 40,
        }),
        fc.nat(2),
        fc.boolean(),
        async (steps, delay, isRegex) => {
          const pattern = isRegex ? { pattern: '^bound(ing)? ', pattern_type: 'regex' } : { pattern: 'bound' };
          const alert = alertRow({ rule: { ...pattern, frequency: 1, window: 1 }, delay });
          const rule = readAlertRule(alert, 'seconds');
          if (rule?.kind !== 'events') throw new Error('not a rule on events');
          const watch = new MatchWatch(rule);
          const evaluations: Evaluation[] = [];
          let nano = 0;
          const events = steps.map(([hundredths, body]) => {
            nano += hundredths * 10_000_000;
            return eventAt(nano, body);
          });
          const expected = events.map(({ timeUnixNano, body }) => {
            const at = Number(timeUnixNano - START);
            const before = evaluations.length;
            watch.addEvent(at, body, (evaluation) => evaluations.push(evaluation));
            const fired = evaluations.slice(before).some(({ state }) => state === 'firing');
            const isMatch = body.startsWith('bound') && at > delay * 1e9;
            return isMatch ? [{ id: 'one', name: 'bounding', fired }] : [];
          });
          const stores = storesOf([alert], evaluations.map(rowOf('one')));
          expect(await alertsOfEvents(stores, 'seconds', RUN, [...events].reverse())).toEqual(expected.reverse());
        },
      ),
    ));

  it('are none before the first evaluation that is kept, and none of other sources', async () => {
    const metric = { rule: 'is above', metric: 'bound', threshold: 1, window: 1, frequency: 1 };
    const others = [
      alertRow({ id: 'metric', source: 'metrics', rule: metric }),
      alertRow({ id: 'told', source: 'user', rule: null }),
    ];
    const firing = { share: 1, points: 1, nonFinite: 0, late: 0, skipped: 0, value: 1, previous: 'ok' } as const;
    const rows = ['one', 'metric', 'told'].map((id) =>
      rowOf(id)({ ...firing, timeNano: 5e9, fromNano: 0, verdict: 'firing', state: 'firing' }),
    );
    const events = [eventAt(4e9, 'bound'), eventAt(5e9, 'bound'), eventAt(9e12, 'bound'), eventAt(9e12, 'calm')];
    const found = await alertsOfEvents(storesOf([...others, alertRow()], rows), 'minutes', RUN, events);
    expect(found.map((alerts) => alerts.map(({ id, fired }) => [id, fired]))).toEqual([
      [],
      [['one', true]],
      [['one', false]],
      [],
    ]);
  });
});
