import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextCache } from '../../../../collector/store/shard/text-cache.ts';

test('the texts that were read last are kept, as many as fit', () => {
  const capacity = 10;
  const operation = fc.record({ run: fc.constantFrom('a', 'b', 'c', 'd'), size: fc.option(fc.nat(12)) });
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const cache = new TextCache(capacity);
      let oracle: [string, number, number][] = [];
      for (const [version, { run, size }] of operations.entries()) {
        const known = oracle.find(([one]) => one === run);
        oracle = oracle.filter((one) => one !== known);
        if (size === null) {
          expect(cache.get(run)).toEqual(known && { version: known[1], json: new Uint8Array(known[2]) });
          if (known !== undefined) oracle.push(known);
        } else {
          cache.set(run, { version, json: new Uint8Array(size) });
          oracle.push([run, version, size]);
        }
        while (oracle.reduce((sum, one) => sum + one[2], 0) > capacity) oracle.shift();
      }
    }),
  );
});
