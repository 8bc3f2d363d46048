import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SequenceRanges } from '../../../../collector/pipeline/sequence-ranges.ts';

const numbers = fc.array(fc.nat({ max: 120 }), { maxLength: 60 });

test('ranges say what is missing whatever the order, the repetitions and the way they are put together', () => {
  fc.assert(
    fc.property(numbers, numbers, (some, others) => {
      const [left, right] = [new SequenceRanges(), new SequenceRanges()];
      for (const one of some) left.add(one);
      for (const one of others) right.add(one);
      left.addAll(right);
      left.addAll(right);
      const seen = new Set([...some, ...others]);
      const ascending = [...seen].sort((a, b) => a - b);
      expect(left.missing).toBe(seen.size === 0 ? 0 : (ascending.at(-1) ?? 0) - (ascending[0] ?? 0) + 1 - seen.size);
      const listed: number[] = [];
      for (let i = 0; i < left.edges.length; i += 2)
        for (let one = left.edges[i] as number; one <= (left.edges[i + 1] as number); one++) listed.push(one);
      expect(listed).toEqual(ascending);
    }),
  );
});

test('of very many gaps the oldest ones count for good, and memory stays bounded', () => {
  const ranges = new SequenceRanges();
  for (let i = 0; i < 10_000; i++) ranges.add(2 * i);
  expect([ranges.edges.length <= 130, ranges.missing]).toEqual([true, 9_999]);
  ranges.add(1);
  expect(ranges.missing).toBe(9_999);
  ranges.add(19_997);
  expect(ranges.missing).toBe(9_998);
});
