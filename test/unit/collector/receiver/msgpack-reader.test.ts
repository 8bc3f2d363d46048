import { ExtData, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMsgpack } from '../../../../collector/receiver/msgpack-reader.ts';

const read = (bytes: Uint8Array): unknown => readMsgpack(Buffer.from(bytes));
const scalars = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 127, 128, -32, -33, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1)),
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('x'.repeat(70_000), ''),
  fc.uint8Array({ maxLength: 300 }),
);
const keys = fc.oneof(fc.string(), fc.constantFrom('a', 'values', 'k'.repeat(40), 'toString', 'constructor'));
const values = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5, depthSize: 'small' }, scalars, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 20 }),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 20, noNullPrototype: false }),
})).value;

/** Bytes come as a Buffer; the other program writes -0 as the integer 0. */
function asRead(value: unknown): unknown {
  if (value === 0) return 0;
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asRead(entry)]));
}

describe('a msgpack value', () => {
  it('is read as another program wrote it', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(encode(value))).toEqual(asRead(value));
      }),
      { numRuns: 150 },
    );
    expect(read(encode([0.5, Number.NaN, -1e30], { forceFloat32: true }))).toEqual([
      0.5,
      Number.NaN,
      Math.fround(-1e30),
    ]);
  });

  it('keeps a key that means something elsewhere as data', () => {
    const map = read(Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from('__proto__'), Buffer.from([1])]));
    expect(Object.entries(map as object)).toEqual([['__proto__', 1]]);
  });

  it('costs no more than it holds: lengths that it only claims, and depth without end, are refused', () => {
    const liar = Buffer.alloc(1_000_000, 1);
    for (let level = 0; level < 5; level++) {
      liar[level * 5] = 0xdd;
      liar.writeUInt32BE(liar.length - 100, level * 5 + 1);
    }
    const before = process.memoryUsage().rss;
    expect(() => read(liar)).toThrow('it ends too early');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
    expect(() => read(Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]))).toThrow('it ends too early');
    expect(() => read(Buffer.alloc(1_000_000, 0x91))).toThrow('nested more than 8 deep');
    expect(() => read(Buffer.alloc(1_000_000, 0x81))).toThrow('nested more than 8 deep');
  });

  it('is any bytes: they are read, or refused with a reason', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ min: 0xc0, maxLength: 20 }));
    fc.assert(
      fc.property(bytes, (body) => {
        try {
          read(body);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is refused wherever it is cut off, and when something is left over', () => {
    const whole = encode({ run: 'a', metrics: [{ step: 1, time: 0.5, values: { loss: -7, name: 'x'.repeat(300) } }] });
    for (let length = 0; length < whole.length; length++) {
      expect(() => read(whole.subarray(0, length))).toThrow('it ends too early');
    }
    expect(() => read(Buffer.concat([whole, Buffer.from([0xc0])]))).toThrow('1 bytes are left over');
  });

  it('has no room for extensions, which are bytes here', () => {
    const entry = read(encode({ at: new Date(0), other: new ExtData(5, new Uint8Array(3)) })) as Record<
      string,
      unknown
    >;
    expect([entry['at'], entry['other']]).toEqual([Buffer.alloc(5).fill(0xff, 0, 1), Buffer.from([5, 0, 0, 0])]);
  });
});
