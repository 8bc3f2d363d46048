import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeChunk } from '../../../../collector/store/chunk/decode-chunk.ts';
import { encodeChunk } from '../../../../collector/store/chunk/encode-chunk.ts';

type Point = { time: bigint; value: bigint; step: number; runTime: number };

const bits = new DataView(new ArrayBuffer(8));

function stage(points: readonly Point[]): { words: Uint32Array; doubles: Float64Array } {
  const buffer = new ArrayBuffer(points.length * 32);
  const view = new DataView(buffer);
  points.forEach((point, i) => {
    view.setBigUint64(i * 32, point.time, true);
    view.setBigUint64(i * 32 + 8, point.value, true);
    view.setFloat64(i * 32 + 16, point.step, true);
    view.setFloat64(i * 32 + 24, point.runTime, true);
  });
  return { words: new Uint32Array(buffer), doubles: new Float64Array(buffer) };
}

function roundTrip(points: readonly Point[]): Point[] {
  const { words, doubles } = stage(points);
  const columns = decodeChunk(encodeChunk(words, doubles, 0, points.length));
  const valueBits = new BigUint64Array(columns.value.buffer);
  return points.map((_, i) => ({
    time: (BigInt(columns.timeHigh[i] as number) << 32n) | BigInt(columns.timeLow[i] as number),
    value: valueBits[i] as bigint,
    step: columns.step?.[i] ?? Number.NaN,
    runTime: columns.runTime?.[i] ?? Number.NaN,
  }));
}

function bitsOf(value: number): bigint {
  bits.setFloat64(0, value);
  return bits.getBigUint64(0);
}

const anyPoint = fc.record({
  time: fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(1_790_000_000_000_000_000n, 1_790_000_001_000_000_000n)),
  value: fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.double().map(bitsOf), fc.integer().map(bitsOf)),
  step: fc.oneof(fc.maxSafeInteger(), fc.constant(Number.NaN), fc.nat(1000)),
  runTime: fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)),
});

test('decoding a chunk gives back every bit of arbitrary points', () => {
  fc.assert(
    fc.property(fc.array(anyPoint, { minLength: 1, maxLength: 200 }), (points) => {
      points.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      expect(roundTrip(points)).toEqual(points);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['regular times and steps', (i: number) => ({ time: BigInt(i) * 1_000_000n, step: i, value: Math.sin(i / 100) })],
  ['no steps', (i: number) => ({ time: BigInt(i * i), step: Number.NaN, value: i })],
  ['a constant', (i: number) => ({ time: BigInt(i), step: i * 10, value: 0.001 })],
])('1,024 points with %s come back', (_, make) => {
  const points = Array.from({ length: 1024 }, (_unused, i) => {
    const { time, step, value } = make(i);
    return { time: 1_790_000_000_000_000_000n + time, value: bitsOf(value), step, runTime: Number.NaN };
  });
  expect(roundTrip(points)).toEqual(points);
});

test('a mixed workload takes at most 7 bytes a point', () => {
  let walk = 0;
  let bytes = 0;
  let random = 12_345;
  for (let kind = 0; kind < 4; kind++) {
    const points = Array.from({ length: 1000 }, (_, i) => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
      walk += random >> 24;
      const values = [Math.sin(i / 100) + ((random >>> 4) & 65_535) / 655_360, walk / 1000, i, 0.001];
      const jitter = BigInt((random >>> 8) & 0xffff);
      return {
        time: 1_790_000_000_000_000_000n + BigInt(i) * 100_000_000n + jitter,
        value: bitsOf(values[kind] as number),
        step: i,
        runTime: Number.NaN,
      };
    });
    const { words, doubles } = stage(points);
    bytes += encodeChunk(words, doubles, 0, 1000).length;
  }
  expect(bytes / 4000).toBeLessThanOrEqual(7);
});

test('damage anywhere in a chunk is an error, never other points', () => {
  const points = Array.from({ length: 50 }, (_, i) => ({
    time: BigInt(i),
    value: bitsOf(i),
    step: i,
    runTime: Number.NaN,
  }));
  const { words, doubles } = stage(points);
  const good = encodeChunk(words, doubles, 0, 50);
  const original = JSON.stringify(decodeChunk(good));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
      const blob = Buffer.from(good);
      blob[position] = (blob[position] as number) ^ change;
      let decoded: string;
      try {
        decoded = JSON.stringify(decodeChunk(blob));
      } catch (error) {
        expect(error).toMatchObject({ code: 'SIMVUE_ERR_STORE' });
        return;
      }
      expect(decoded).toBe(original);
    }),
  );
});
