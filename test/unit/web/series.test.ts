import { describe, expect, it } from 'vitest';
import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import {
  displayUnit,
  filterCards,
  groupRuns,
  groupSeries,
  pickLines,
  prefersLog,
} from '../../../web/src/lib/series.ts';

let id = 0;
const series = (metric: string, part: Partial<SeriesView> = {}): SeriesView => ({
  id: id++,
  metric,
  name: metric,
  attributes: {},
  instance: '',
  unit: '',
  temporality: 'gauge',
  count: 10,
  min: 1,
  max: 2,
  mean: 1.5,
  last: 1,
  last_text: '1',
  last_step: 9,
  non_finite: 0,
  first_timestamp: '',
  last_timestamp: '',
  ...part,
});
const dimension = (value: string, last = 1) =>
  series('probes', { name: `probes{at="${value}"}`, attributes: { at: value }, last });
const shape = (list: SeriesView[]) =>
  groupSeries('r', list).map((card) => [card.title, card.lines.map((line) => line.label)]);

describe('cards', () => {
  it('hold the metrics with the same name up to the last dot, in order of appearance', () => {
    const names = ['residuals.p', 'loss', 'residuals.U.x', 'residuals.k', 'residuals.U.y', 'forces.cd'];
    expect(shape(names.map((name) => series(name)))).toEqual([
      ['residuals', ['p', 'k']],
      ['loss', ['loss']],
      ['residuals.U', ['x', 'y']],
      ['forces.cd', ['cd']],
    ]);
  });
  it('draw both spellings of CPU use together', () => {
    expect(shape([series('resources/cpu.usage.percent'), series('resources/cpu.usage.percentage')])).toEqual([
      ['resources/cpu.usage', ['percent', 'percentage']],
    ]);
  });
  it('name lines of one metric by their dimension', () =>
    expect(shape([dimension('00'), dimension('01')])).toEqual([['probes', ['00', '01']]]));
  it('tell processes apart only where a name repeats', () => {
    expect(
      shape([
        series('a.x', { instance: 'first-rank' }),
        series('a.x', { instance: 'other' }),
        series('a.y', { instance: 'other' }),
      ]),
    ).toEqual([['a', ['x @first-ra', 'x @other', 'y']]]);
  });
  it('draw what attempts wrote one after the other as one line, and what processes write at once apart', () => {
    const written = (instance: string, from: number, to: number, count = 10) =>
      series('loss', {
        ...{ instance, count },
        ...{ first_timestamp: `2026-11-21T08:0${from}:00.000000`, last_timestamp: `2026-11-21T08:0${to}:00.000000` },
      });
    const [card] = groupSeries('r', [written('b', 3, 4, 5), written('a', 1, 2, 7), series('other')]);
    expect(card?.lines.map(({ label, earlier, series: { instance } }) => [label, earlier.length, instance])).toEqual([
      ['loss', 1, 'b'],
    ]);
    expect(card?.points).toBe(12);
    const atOnce = groupSeries('r', [written('a', 1, 3), written('b', 2, 4)]);
    expect(atOnce[0]?.lines.map(({ label }) => label)).toEqual(['loss @a', 'loss @b']);
    const run = (id: string, list: SeriesView[]) => ({ id, name: id, colour: 1, series: list });
    const [compared] = groupRuns([run('x', [written('a', 1, 2), written('b', 3, 4)]), run('y', [written('c', 1, 2)])]);
    expect(compared?.lines.map(({ runId }) => runId)).toEqual(['x', 'y']);
  });
  it('keep a name that begins or ends with a dot whole', () => {
    expect(groupSeries('r', [series('.a'), series('b.')]).map((card) => card.title)).toEqual(['.a', 'b.']);
  });
  it('draw the eight greatest last values in order of appearance', () => {
    const [card] = groupSeries(
      'r',
      Array.from({ length: 12 }, (_, index) => dimension(String(index), index % 2 ? index : -index)),
    );
    expect(card && pickLines(card).map((line) => line.index)).toEqual([0, 1, 2, 3, 5, 7, 9, 11]);
  });
  it('hold no two units', () => {
    const units = (...list: [string, string][]) =>
      groupSeries(
        'r',
        list.map(([metric, unit]) => series(metric, { unit })),
      ).map(({ title, unit }) => [title, unit]);
    expect(units(['m.a', 's'], ['m.b', 's'])).toEqual([['m', 's']]);
    expect(units(['m.a', 's'], ['m.b', 'm'])).toEqual([
      ['m.a', 's'],
      ['m.b', 'm'],
    ]);
    expect(units(['m.a', 's'], ['m.b', 'm'], ['m.c', 's'], ['m.d', 'm'])).toEqual([
      ['m', 's'],
      ['m (m)', 'm'],
    ]);
    expect(units(['resources/cpu.usage.percentage', ''], ['resources/cpu.usage.memory', ''])).toEqual([
      ['resources/cpu.usage.percentage', '%'],
      ['resources/cpu.usage.memory', 'MiBy'],
    ]);
    expect(['1', '{packets}', 'MiBy', 'By', 'kg/s'].map(displayUnit)).toEqual(['', 'packets', 'MiB', 'B', 'kg/s']);
  });
  it('are found by all words of a search, in the title or a series name', () => {
    const cards = groupSeries('r', [series('residuals.p'), series('residuals.k'), dimension('wall')]);
    expect(filterCards(cards, 'RES k').map((card) => card.title)).toEqual(['residuals']);
    expect(filterCards(cards, 'wall').map((card) => card.title)).toEqual(['probes']);
    expect(filterCards(cards, ' ')).toHaveLength(2);
  });
  it.each([
    [1e-6, 1, true],
    [0, 1, false],
    [-1, 5, false],
    [0.5, 2, false],
    [null, null, false],
  ])('with values from %s to %s are logarithmic: %s', (min, max, log) => {
    const [card] = groupSeries('r', [series('m', { min, max })]);
    expect(card && prefersLog(card)).toBe(log);
  });
});
