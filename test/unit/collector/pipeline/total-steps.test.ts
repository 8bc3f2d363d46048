import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readControlEvents } from '../../../../collector/pipeline/control-events.ts';
import { resourceChange } from '../../../../collector/pipeline/resource-change.ts';
import { RunState } from '../../../../collector/pipeline/run-state.ts';
import type { Attributes } from '../../../../collector/pipeline/telemetry.ts';
import { readTotalSteps, totalStepsOf } from '../../../../collector/pipeline/total-steps.ts';

const saidBy = (attributes: Attributes) =>
  resourceChange({ attributes, instance: 'i1', series: [], binding: undefined }, null, 7n);
const update = (attributes: Attributes) =>
  readControlEvents(
    [
      {
        timeUnixNano: 5n,
        observedTimeUnixNano: 5n,
        eventName: 'simvue.run.update',
        severityNumber: 0,
        severityText: '',
        body: '',
        attributes,
        uid: 'u',
      } as never,
    ],
    'i1',
  );

describe('a total of steps', () => {
  it('is an integer from 1 on, also as text', () => {
    expect([30_000, '30000', ' 3e4 ', 1].map(readTotalSteps)).toEqual([30_000, 30_000, 30_000, 1]);
    for (const wrong of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, 'many', '', ' ', true, null, [5], { a: 1 }])
      expect(readTotalSteps(wrong)).toBeUndefined();
  });

  it('comes with a resource by its own name, or as metadata', () => {
    for (const attributes of [
      { 'simvue.run.total_steps': '30000' },
      { 'simvue.run.metadata.simvue.total_steps': 30_000 },
    ]) {
      const { change, problems } = saidBy({ 'simvue.run.metadata.lr': 0.1, ...attributes });
      expect([totalStepsOf(change.metadataSet ?? {}), change.metadataSet?.['lr'], problems]).toEqual([30_000, 0.1, []]);
    }
  });

  it.each([-5, Number.NaN, 'many', 2.5])('that is none (%s) is refused by name; the rest is kept', (wrong) => {
    const reason = (name: string) => `${name} is not an integer from 1 on: give the number of steps`;
    const own = saidBy({ 'simvue.run.total_steps': wrong, 'simvue.run.metadata.lr': 0.1 });
    expect(own.problems).toEqual([reason('simvue.run.total_steps')]);
    expect(own.change.metadataSet).toEqual(Object.assign(Object.create(null), { lr: 0.1 }));
    const { changes, refusals } = update({
      'simvue.run.metadata.simvue.total_steps': wrong,
      'simvue.run.metadata.lr': 0.1,
    });
    expect(refusals).toEqual([reason('simvue.run.metadata.simvue.total_steps')]);
    expect(changes[0]?.metadataSet).toEqual(Object.assign(Object.create(null), { lr: 0.1 }));
  });

  it('of several processes is the largest, in whatever order they come; what is said with a time is the last word', () => {
    const totals = fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(totals, fc.boolean(), (given, isUpdated) => {
        const state = new RunState();
        const changes = given.map(
          (total, pid) => saidBy({ 'simvue.run.total_steps': total, 'process.pid': pid }).change,
        );
        const later = update({ 'simvue.run.metadata.simvue.total_steps': 3 }).changes;
        for (const change of [...(isUpdated ? later : []), ...changes, ...changes]) state.fold(change);
        expect(totalStepsOf(state.view().metadata)).toBe(isUpdated ? 3 : Math.max(...given));
      }),
    );
  });
});
