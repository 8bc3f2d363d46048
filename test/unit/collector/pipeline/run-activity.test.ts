import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStates } from '../../../../collector/pipeline/run-activity.ts';
import type { RunChange } from '../../../../collector/pipeline/run-change.ts';
import { RunState } from '../../../../collector/pipeline/run-state.ts';

const change = (time: number, part: Partial<RunChange>): RunChange => ({
  timeUnixNano: BigInt(time),
  uid: String(time),
  instance: 'one',
  ...part,
});
const viewAfter = (...changes: readonly RunChange[]) => {
  const state = new RunState();
  for (const each of changes) state.fold(each);
  return state.view();
};

describe('what became different of a run', () => {
  it('is one entry for a new run', () => {
    const view = viewAfter(change(1, { name: 'wing', lifecycle: { status: 'running' } }));
    expect(compareStates(undefined, view)).toEqual([{ field: 'run', key: '', before: undefined, after: 'running' }]);
  });
  it('names fields, tags and leaves of the metadata with both values', () => {
    const first = change(1, { name: 'wing', tagsAdded: ['a', 'b'], metadataSet: { mesh: { cells: 1, kind: 'hex' } } });
    const second = change(2, { name: 'wing 2', tagsSet: ['b', 'c'], metadataSet: { mesh: { cells: 2 }, Re: 100 } });
    expect(compareStates(viewAfter(first), viewAfter(first, second))).toEqual([
      { field: 'name', key: '', before: 'wing', after: 'wing 2' },
      { field: 'tag', key: 'a', before: 'a', after: undefined },
      { field: 'tag', key: 'c', before: undefined, after: 'c' },
      { field: 'metadata', key: 'mesh.cells', before: 1, after: 2 },
      { field: 'metadata', key: 'Re', before: undefined, after: 100 },
    ]);
  });
  it('leads from one metadata to the other when it is applied, and is nothing for the same change again', () => {
    const metadata = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }), { maxKeys: 3 });
    fc.assert(
      fc.property(metadata, metadata, fc.subarray(['a', 'b', 'c']), (set, later, metadataRemoved) => {
        const [first, second] = [
          change(1, { metadataSet: set }),
          change(2, { metadataSet: later, metadataRemoved: metadataRemoved.filter((key) => !(key in later)) }),
        ];
        const [before, after] = [viewAfter(first), viewAfter(first, second)];
        const replayed = new Map(Object.entries(before.metadata));
        for (const { key, after: value } of compareStates(before, after)) {
          if (value === undefined) replayed.delete(key);
          else replayed.set(key, value);
        }
        expect(Object.fromEntries(replayed)).toEqual({ ...after.metadata });
        expect(compareStates(after, viewAfter(first, second, second, first))).toEqual([]);
      }),
    );
  });
});
