import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedPlot,
  MOST_PLOTS,
  type PlotConfig,
  parsePlot,
  parsePlots,
  plotCard,
  plotSettings,
  plotTexts,
  readRange,
  tooMany,
  withPlot,
} from '../../../web/src/lib/plot-config.ts';
import { type Card, joinRunLines } from '../../../web/src/lib/series.ts';

const LOSS: PlotConfig = { title: '', metrics: ['loss'] };
const PAGE = { axis: 'step', logX: false, log: true, smoothing: 20 } as const;

const end = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).filter((n) => !Object.is(n, -0)),
  { nil: null },
);
const ends = fc
  .tuple(end, end)
  .filter(([low, high]) => (low === null) !== (high === null) || (low !== null && high !== null && low < high));
const plots = fc
  .record(
    {
      of: fc.string(),
      title: fc.string(),
      metrics: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }),
      kind: fc.constantFrom('lines' as const, 'parallel' as const, 'scatter' as const),
      xaxis: fc.constantFrom('step' as const, 'time' as const, 'timestamp' as const, 'metric.a b' as const),
      xscale: fc.constantFrom('linear' as const, 'log' as const),
      xrange: ends,
      yscale: fc.constantFrom('linear' as const, 'log' as const),
      yrange: ends,
      unit: fc.string(),
      legend: fc.constantFrom('top' as const, 'bottom' as const, 'hidden' as const),
      smoothing: fc.integer({ min: 0, max: 100 }),
      non_finite: fc.constantFrom('mark' as const, 'hide' as const),
      marks: fc.subarray(['attempts' as const, 'thresholds' as const]),
    },
    { requiredKeys: ['title', 'metrics'] },
  )
  .map((plot): PlotConfig => plot);

describe('plots in an address', () => {
  test('are those that were kept', () => {
    fc.assert(
      fc.property(fc.array(plots, { maxLength: 5 }), (kept) => {
        expect(parsePlots(plotTexts(kept))).toEqual(kept);
      }),
    );
  });

  test('are read whatever stands there, field by field', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const plot = parsePlot(text);
        if (plot) expect(plot.of !== undefined || plot.metrics.length > 0).toBe(true);
      }),
    );
    expect(parsePlot('null')).toBeUndefined();
    expect(parsePlot('{"title":"nothing"}')).toBeUndefined();
    const text =
      '{"metrics":["loss",3,"loss"],"xrange":[2,1],"yrange":[null,null],"legend":"left","smoothing":1000,"kind":4}';
    expect(parsePlot(text)).toEqual({ title: '', metrics: ['loss'], smoothing: 100 });
  });

  test('that change nothing of their card are left out', () => {
    expect(plotTexts([{ of: 'loss', title: '', metrics: [] }, LOSS])).toEqual([JSON.stringify(LOSS)]);
  });

  test('are changed in their place, added in front, removed', () => {
    const other: PlotConfig = { title: 'b', metrics: ['b'] };
    expect(withPlot([LOSS, other], other, { ...other, unit: 'm' })).toEqual([LOSS, { ...other, unit: 'm' }]);
    expect(withPlot([LOSS], undefined, other)).toEqual([other, LOSS]);
    expect(withPlot([LOSS, other], LOSS, undefined)).toEqual([other]);
    expect(withPlot(parsePlots(plotTexts([LOSS, other])), other, undefined)).toEqual([LOSS]);
    expect(changedPlot({ ...LOSS, unit: 'm' }, { unit: undefined, legend: 'bottom' })).toEqual({
      ...LOSS,
      legend: 'bottom',
    });
  });

  test('have limits that say what to do', () => {
    const many = Array.from({ length: MOST_PLOTS }, (_, index) => ({ title: '', metrics: [`m${index}`] }));
    expect(tooMany(many)).toBeUndefined();
    expect(tooMany([...many, LOSS])).toMatch(/50 plots\. Remove one/);
    expect(tooMany([{ title: 'x'.repeat(6000), metrics: ['loss'] }])).toMatch(/too long/);
  });
});

describe('a plot', () => {
  test('is drawn as the page draws all, but for what is configured', () => {
    expect(plotSettings(undefined, PAGE)).toMatchObject({
      ...PAGE,
      legend: 'top',
      hidesNonFinite: false,
      xRange: undefined,
    });
    const config: PlotConfig = {
      ...LOSS,
      xaxis: 'time',
      yscale: 'linear',
      smoothing: 0,
      xrange: [5, null],
      non_finite: 'hide',
      marks: [],
    };
    expect(plotSettings(config, PAGE)).toMatchObject({
      ...{
        axis: 'time',
        log: false,
        smoothing: 0,
        xRange: { low: 5, high: undefined },
        hidesNonFinite: true,
        marks: [],
      },
    });
  });

  test('is read between the ends that are set', () => {
    expect(readRange('step', undefined)).toBeUndefined();
    expect(readRange('metric.loss', { low: 1, high: 2 })).toBeUndefined();
    expect(readRange('step', { low: 5, high: undefined })).toEqual([5, Number.MAX_SAFE_INTEGER]);
    expect(readRange('timestamp', { low: undefined, high: 7 })).toEqual([0, 7]);
  });

  test('of several metrics and runs keeps the colour of each run, and a dash for each metric', () => {
    const card = (title: string) =>
      ({
        ...{ title, unit: 's', points: 2, nonFinite: 0 },
        lines: [1, 2].map((colour) => ({
          ...{ runId: `run ${colour}`, label: `0${colour}`, index: colour, slot: { colour, round: 0 }, earlier: [] },
          series: { id: 1, name: title, metric: title, unit: 's', count: 1, non_finite: 0, attributes: {} },
        })),
      }) as unknown as Card;
    const joined = plotCard(
      { title: 'Both', metrics: ['a', 'b', 'gone'] },
      [card('a'), card('b')],
      undefined,
      joinRunLines,
    );
    expect(joined.title).toBe('Both');
    expect(joined.lines.map(({ label, slot, index }) => [label, slot.colour, slot.round, index])).toEqual([
      ['01 a', 1, 0, 0],
      ['02 a', 2, 0, 1],
      ['01 b', 1, 1, 2],
      ['02 b', 2, 1, 3],
    ]);
    expect(
      plotCard({ title: '', metrics: ['b'], unit: 'ms' }, [card('a'), card('b')], undefined, joinRunLines),
    ).toMatchObject({ title: 'b', unit: 'ms' });
  });

  test('with some lines of its card keeps their labels and colours, and is drawn once for writers of one name', () => {
    const line = (name: string, id: number) => ({
      ...{ runId: 'run', label: name.slice(2), index: id, slot: { colour: id, round: 0 }, earlier: [] },
      series: { id, name, metric: name, unit: 's', count: 3, non_finite: 1, attributes: {} },
    });
    const of = (title: string, lines: readonly object[]) =>
      ({ title, unit: 's', points: 9, nonFinite: 3, lines }) as unknown as Card;
    const group = of('U', [line('U.x', 1), line('U.y', 2), line('U.z', 3)]);
    const twice = of('twice', [line('twice', 4), line('twice', 5)]);
    const part = plotCard({ title: '', metrics: ['U.z', 'U.y'] }, [group, twice], group);
    expect(part).toMatchObject({ title: 'U', points: 6, nonFinite: 2 });
    expect(part.lines.map(({ label, slot }) => [label, slot.colour])).toEqual([
      ['y', 2],
      ['z', 3],
    ]);
    const both = plotCard({ title: '', metrics: ['twice', 'twice', 'U.x'] }, [group, twice], group);
    expect(both.lines.map(({ series }) => series.id)).toEqual([4, 5, 1]);
  });
});
