import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../collector/notify/channel.ts';
import { details, headline, summary } from '../../../../collector/notify/wording.ts';

const RUN = { id: 'r1', name: 'wing-14', folder: '/wings', status: 'running', user: 'ann', tags: ['v2'] };
const ALERT = {
  id: 'a1',
  name: 'loss explodes',
  description: 'Halve the time step, then start again from the last checkpoint.',
  rule: 'the average of train.loss over 2 minutes is above 100, evaluated every 1 minute',
  series: 'train.loss',
  abort: true,
  found: '153.2 (average of 120 points)',
  value: 153.2,
  points: 120,
  from: '2026-11-21T08:00:00.000000',
};
const FIRING: Delivery = {
  id: 'm1',
  state: 'firing',
  time: '2026-11-21T08:02:00.000000',
  run: RUN,
  alert: ALERT,
  url: 'https://runs.example.org/runs/r1',
  sparkline: '▁▂█',
};
const textOf = (delivery: Delivery): string => [headline(delivery), ...details(delivery)].join('\n');
const runMessage = (state: string): Delivery => {
  const { alert: _, ...rest } = { ...FIRING, state, run: { ...RUN, status: state }, sparkline: '' };
  return rest;
};

describe('a message, read at three in the morning,', () => {
  it('says what happened, where, by which rule, what was found when, what is done and what to do', () => {
    expect(textOf(FIRING)).toBe(`loss explodes on train.loss fires in run wing-14: 153.2 (average of 120 points)
Run: wing-14 (/wings, running, of ann, tags v2)
Rule: the average of train.loss over 2 minutes is above 100, evaluated every 1 minute
Found: 153.2 (average of 120 points)
When: 2026-11-21 08:00:00 to 2026-11-21 08:02:00 UTC
The run was asked to stop.
Note: Halve the time step, then start again from the last checkpoint.
Last values: ▁▂█
https://runs.example.org/runs/r1`);
  });

  it('says that it is over, and why when the data do not say it', () => {
    const over = textOf({ ...FIRING, state: 'resolved', alert: { ...ALERT, note: 'the alert was switched off' } });
    expect(over).toMatch(/^loss explodes on train.loss is over in run wing-14\n/);
    expect(over).toContain('\nWhy: the alert was switched off\n');
    expect(over).not.toContain('asked to stop');
    expect(textOf({ ...FIRING, state: 'no data' })).toMatch(
      /^loss explodes on train.loss fired and has no data any more/,
    );
  });

  it('says how a run ended', () => {
    expect(textOf(runMessage('failed'))).toBe(`run wing-14 has failed
Run: wing-14 (/wings, failed, of ann, tags v2)
Ended: 2026-11-21 08:02:00 UTC
https://runs.example.org/runs/r1`);
    expect(textOf(runMessage('lost'))).toMatch(/gives no sign of life\n.*\nLast sign of life: .*\nNext: look whether/);
  });

  it('of very long names stays short', () => {
    expect(headline({ ...FIRING, run: { ...RUN, name: 'x'.repeat(100_000) } }).length).toBeLessThan(1_100);
  });
});

describe('many messages', () => {
  it('have one line that counts the runs of each kind', () => {
    const of = (name: string, run: string, state = 'firing'): Delivery => ({
      ...FIRING,
      state,
      run: { ...RUN, id: run },
      alert: { ...ALERT, name },
    });
    const many = Array.from({ length: 97 }, (_, i) => of('it failed', `r${i}`));
    expect(summary([FIRING])).toBe(headline(FIRING));
    expect(summary([of('a', 'x', 'resolved'), ...many, ...many])).toBe(
      'it failed fires in 97 runs, a is over in 1 run',
    );
    const kinds = ['a', 'b', 'c', 'd', 'e'].map((name) => of(name, 'x'));
    expect(summary([...kinds, runMessage('lost')])).toBe(
      'a fires in 1 run, b fires in 1 run, c fires in 1 run and 3 more',
    );
  });
});
