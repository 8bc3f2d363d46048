import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../../web/src/lib/columns.ts';
import {
  COMPARE_VIEWS,
  compareHref,
  dashboardHref,
  parseRoute,
  ROW_ORDERS,
  ROWS,
  runHref,
  runsHref,
  TABS,
} from '../../../web/src/lib/route.ts';

const parse = (href: string) => {
  const url = new URL(href, 'http://page');
  return parseRoute(url.pathname, url.search);
};
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

describe('addresses', () => {
  it('keep all of the runs page', () => {
    const column = fc.oneof(
      fc.constantFrom(...COLUMNS.map(({ id }) => id)),
      text.map((key) => `metadata.${key}`),
      text.map((name) => `metric.${name}`),
    );
    const arbitrary = fc.record({
      filters: fc.array(text, { maxLength: 4 }),
      sort: fc.oneof(
        fc.constantFrom('created', 'name', 'ended'),
        text.map((key) => `metadata.${key}`),
        text.map((name) => `metrics.${name}`),
      ),
      columns: fc.uniqueArray(column, { minLength: 1, maxLength: 5 }),
      descending: fc.boolean(),
      page: fc.integer({ min: 1, max: 9999 }),
      rows: fc.constantFrom(...ROWS),
    });
    fc.assert(
      fc.property(arbitrary, (state) => {
        expect(parse(runsHref(state))).toEqual({ page: 'runs', state });
      }),
    );
  });
  it('keep all of a run page', () => {
    const arbitrary = fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9]{22}$/),
      tab: fc.constantFrom(...TABS),
      axis: fc.oneof(
        fc.constantFrom('step' as const, 'time' as const, 'timestamp' as const, undefined),
        text.map((name) => `metric.${name}` as const),
      ),
      logX: fc.boolean(),
      at: fc.constantFrom(undefined, 0, 1795304861.25),
      single: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
      title: fc.oneof(fc.constant(''), text),
      instance: fc.oneof(fc.constant(''), text),
      smooth: fc.integer({ min: 0, max: 100 }),
      search: fc.oneof(fc.constant(''), text),
      level: fc.constantFrom('', 'error'),
      flipped: fc.array(text, { maxLength: 3 }),
      yRanges: fc
        .dictionary(
          text.filter((title) => title !== '__proto__'),
          fc.constantFrom({ low: 0, high: 10 }, { low: undefined, high: -1.5e-3 }, { low: 1, high: undefined }),
          { maxKeys: 2 },
        )
        .map((ranges) => ({ ...ranges })),
      plots: fc.array(text, { maxLength: 3 }),
      artifact: fc.oneof(fc.constant(''), text),
      alert: fc.oneof(fc.constant(''), text),
      diffWith: fc.option(fc.oneof(fc.constant(''), text), { nil: undefined }),
      range: fc.constantFrom(undefined, [0, 12.5] as [number, number]),
    });
    fc.assert(
      fc.property(arbitrary, (state) => {
        expect(parse(runHref(state))).toEqual({ page: 'run', state });
      }),
    );
  });
  it('keep the folder and the dashboard', () => {
    const arbitrary = fc.record({ folder: text.map((name) => `/${name}`), board: fc.oneof(fc.constant(''), text) });
    fc.assert(
      fc.property(arbitrary, (state) => {
        expect(parse(dashboardHref(state))).toEqual({ page: 'dashboard', state });
      }),
    );
  });
  it('keep all of a comparison', () => {
    const arbitrary = fc.record({
      runs: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9]{22}$/), { maxLength: 5 }),
      axis: fc.constantFrom('step' as const, 'time' as const, undefined),
      search: fc.oneof(fc.constant(''), text),
      all: fc.boolean(),
      view: fc.constantFrom(...COMPARE_VIEWS),
      aggregate: fc.constantFrom('last' as const, 'average' as const),
      order: fc.constantFrom(...ROW_ORDERS),
      axes: fc.array(text, { maxLength: 3 }),
      scatter: fc.tuple(fc.oneof(fc.constant(''), text), fc.oneof(fc.constant(''), text)),
      plots: fc.array(text, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, (state) => {
        expect(parse(compareHref(state))).toEqual({ page: 'compare', state });
      }),
    );
  });
  it.each(['home', 'folders', 'tags', 'alerts', 'tokens'] as const)('name the page of %s', (page) => {
    expect(parse(`/${page}/`)).toEqual({ page });
  });
  it.each(TABS)('name the tab %s of a run also with a path', (tab) => {
    const named = parse(`/runs/a%20b/${tab}?q=loss&tab=events`);
    expect(named).toEqual(parse(runHref({ id: 'a b', tab, search: 'loss' })));
    expect(parse(`/runs/a%20b/${tab}/?q=loss`)).toEqual(named);
  });
  it('of a run with a tab that there is not show the overview', () => {
    for (const path of ['/runs/a/nope', '/runs/a/', '/runs/a/?tab=nope']) expect(parse(path)).toEqual(parse('/runs/a'));
    expect(parse('/runs/a/metrics/loss')).toEqual({ page: 'missing', path: '/runs/a/metrics/loss' });
  });
  it('leave out defaults', () => {
    expect(runsHref({})).toBe('/runs');
    expect(runHref({ id: 'a', tab: 'overview' })).toBe('/runs/a');
  });
  it('fall back where a query makes no sense', () => {
    expect(parse('/runs?page=-3&rows=7&sort=size&col=size')).toEqual(parse('/'));
    expect(parse('/runs/a?tab=nope&smooth=900&from=5&to=1')).toMatchObject({
      state: { tab: 'overview', smooth: 100, range: undefined },
    });
    expect(parse('/nowhere')).toEqual({ page: 'missing', path: '/nowhere' });
  });
});
