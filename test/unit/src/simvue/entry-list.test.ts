import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryList } from '../../../../src/simvue/entry-list.ts';

const START = 1_790_000_000_000_000_000n;
const small = fc.integer({ min: 0, max: 2 });
const point = fc.record({
  name: fc.constantFrom('a', 'b', '__proto__'),
  value: fc.double(),
  at: small,
  step: fc.option(small, { nil: undefined }),
  runTime: fc.option(small, { nil: undefined }),
});

test('every value is in one entry with its time, step and run time, in the order of time; none writes over another', () => {
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const list = new EntryList(START, () => 99);
      for (const { name, value, at, step, runTime } of points) {
        list.add(name, value, START + BigInt(at) * 1_000_000_000n, step, runTime);
      }
      const entries = list.sorted();
      const times = entries.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted());
      const found = entries.flatMap(({ timestamp, step, time, values }) =>
        Object.entries(values).map(([name, value]) => JSON.stringify([timestamp, step, time, name, String(value)])),
      );
      const expected = points.map(({ name, value, at, step = 99, runTime = at }) =>
        JSON.stringify([`2026-09-21T14:13:2${at}.000000`, step, runTime, name, String(value)]),
      );
      expect(found.toSorted()).toEqual(expected.toSorted());
    }),
  );
});
