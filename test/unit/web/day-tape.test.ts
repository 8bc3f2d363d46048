import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { DAY_SECONDS, dayTape } from '../../../web/src/lib/day-tape.ts';

const NOW = Date.UTC(2026, 10, 20, 12) / 1000;
const stamp = (seconds: number) => new Date(seconds * 1000).toISOString().replace('Z', '000');
const run = (id: string, hoursAgo: number, hours: number, status: RunListItem['status'] = 'completed') => {
  const start = NOW - hoursAgo * 3600;
  const end = stamp(Math.min(NOW, start + hours * 3600));
  const life = { created: stamp(start), started: stamp(start), endtime: end, last_sign: end, attempt: 1 };
  return { id, status, ...life } as unknown as RunListItem;
};

describe('the tape of a day', () => {
  it('draws no two runs of a lane over each other, and every run once or as hidden', () => {
    const spans = fc.array(
      fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true })),
    );
    fc.assert(
      fc.property(spans, (lives) => {
        const runs = lives.map(([ago, hours], index) => run(`r${index}`, ago, hours));
        const { bars, lanes, hidden } = dayTape([...runs, ...runs], NOW);
        const today = runs.filter(({ endtime }) => Date.parse(`${endtime}Z`) / 1000 > NOW - DAY_SECONDS);
        expect(new Set(bars.map((bar) => bar.run.id)).size).toBe(bars.length);
        expect(bars.length + hidden).toBeGreaterThanOrEqual(today.length);
        for (const a of bars) {
          expect(a.lane).toBeLessThan(lanes);
          expect(a.from).toBeLessThanOrEqual(a.to);
          for (const b of bars) if (a !== b && a.lane === b.lane) expect(a.to < b.from || b.to < a.from).toBe(true);
        }
      }),
    );
  });
  it('shows where a run was lost, and none that has not begun', () => {
    const { bars } = dayTape([run('lost', 5, 2, 'lost'), run('new', 1, 1, 'created')], NOW);
    expect(bars).toMatchObject([{ from: NOW - 5 * 3600, lostFrom: NOW - 3 * 3600, to: NOW }]);
  });
  it('begins a day ago, whenever a run did', () => {
    expect(dayTape([run('old', 100, 90)], NOW).bars[0]?.from).toBe(NOW - DAY_SECONDS);
  });
});
