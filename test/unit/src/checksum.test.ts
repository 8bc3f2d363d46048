import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksum } from '../../../src/checksum.ts';
import { viewed } from '../../../src/viewed-bytes.ts';

test('law: the checksum is zlib’s, for any bytes, of any part of them, short or long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(400), fc.nat(400), (array, a, b) => {
      const bytes = Buffer.from(array);
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      expect(checksum(viewed(bytes), start, end)).toBe(crc32(bytes.subarray(start, end)));
    }),
    { numRuns: 500 },
  );
});
