import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SavedWatch } from '../../../collector/store/alert-state-store.ts';
import { AlertedCatalog, NO_DATA, START } from '../../support/alerted-catalog.ts';

let here: AlertedCatalog;
let [run, alert] = ['', ''];
beforeEach(async () => {
  here = await AlertedCatalog.open();
  ({ run, alert } = await here.createRun(START, 'metrics', NO_DATA));
});
afterEach(() => here[Symbol.asyncDispose]());

const save = (rule: string, parts: Readonly<Record<number, readonly number[]>>, series = 'loss'): void => {
  const watch = {
    runId: run,
    alertId: alert,
    series,
    rule,
    sequence: 7,
    state: Float64Array.of(1, Number.NaN, -0),
    parts: new Map(Object.entries(parts).map(([part, cells]) => [Number(part), Float64Array.from(cells)])),
    evaluations: [],
  };
  here.catalog.alertStates.save({
    watches: [watch],
    statuses: [],
    outbox: [],
    aborts: [],
    reached: new Map(),
    position: 1,
  });
};
const kept = (): readonly SavedWatch[] => here.catalog.alertStates.load(run).watches;
const partsOf = (series = 'loss') => Object.fromEntries(kept().find((one) => one.series === series)?.parts ?? []);

it('a state is kept with its parts: those that changed are written, empty ones removed', () => {
  save('a', { [-1]: [1, 2], 0: [3] });
  save('a', { 5: [9] }, 'accuracy');
  save('a', { [-1]: [], 0: [3, 4], 7: [Number.NaN] });
  expect(partsOf()).toEqual({ 0: Float64Array.of(3, 4), 7: Float64Array.of(Number.NaN) });
  expect(partsOf('accuracy')).toEqual({ 5: Float64Array.of(9) });
  expect(kept()[0]).toMatchObject({ sequence: 7, rule: 'a', state: Float64Array.of(1, Number.NaN, -0) });
});

it('the parts of another rule, and of what is gone, are not there any more', async () => {
  save('a', { 1: [1], 2: [2] });
  save('b', { 2: [3] });
  expect(partsOf()).toEqual({ 2: Float64Array.of(3) });
  await here.catalog.alerts.detach(run, alert);
  await here.catalog.alerts.attachOne(run, alert);
  expect(kept()).toEqual([]);
  save('b', {});
  expect(partsOf()).toEqual({});
});
