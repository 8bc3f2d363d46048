import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from '../../../src/byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PADDING_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameRange,
} from '../../../src/frame-log.ts';
import { MemoryLog } from '../../../src/memory-log.ts';
import { viewed } from '../../../src/viewed-bytes.ts';

const MEBIBYTE = 1024 * 1024;

function read(log: MemoryLog, range: FrameRange): string {
  const target = Buffer.alloc(range.payloadBytes);
  log.copyPayloads(range, target, 0);
  return target.toString();
}

function append(log: MemoryLog, text: string, flags = 0): boolean {
  const frame = Buffer.concat([Buffer.alloc(FRAME_PREFIX_BYTES), Buffer.from(text), Buffer.alloc(FRAME_PADDING_BYTES)]);
  return log.append(flags, 1, viewed(frame), text.length);
}

describe('the log in memory', () => {
  test('law: what goes in comes out once, in order, whatever the sizes, ranges and releases', () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.record({ append: fc.nat(40_000) }) },
      { weight: 1, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 20 }), bytes: fc.nat(100_000) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const budget = new ByteBudget(64 * MEBIBYTE);
        const log = new MemoryLog(budget);
        const oracle: string[] = [];
        let counter = 0;
        for (const step of actions) {
          if ('append' in step) {
            const text = `${counter++}:${'x'.repeat(step.append)};`;
            expect(append(log, text)).toBe(true);
            oracle.push(text);
          } else {
            const range = log.range({ frames: step.take, payloadBytes: step.bytes });
            expect(range === undefined).toBe(oracle.length === 0);
            if (range === undefined) continue;
            expect(range.frames === 1 || range.payloadBytes <= step.bytes).toBe(true);
            expect(read(log, range)).toBe(oracle.splice(0, range.frames).join(''));
            log.release(range);
          }
          expect([log.pendingFrames, log.pendingItems]).toEqual([oracle.length, oracle.length]);
        }
        const rest = log.range({});
        expect(rest === undefined ? '' : read(log, rest)).toBe(oracle.join(''));
      }),
      { numRuns: 60 },
    );
  });

  test('a range can be split, and both parts read and released in turn', () => {
    const log = new MemoryLog(new ByteBudget(MEBIBYTE));
    for (const text of ['a', 'b', 'c', 'd', 'e']) append(log, text);
    const left = log.range({ frames: 2 }) as FrameRange;
    const right = log.range({ frames: 3 }, left.end) as FrameRange;
    expect([read(log, left), read(log, right)]).toEqual(['ab', 'cde']);
    log.release(left);
    expect(read(log, log.range({}) as FrameRange)).toBe('cde');
    log.release(right);
    expect(log.range({})).toBeUndefined();
  });

  test('a full log refuses data and still takes control frames', () => {
    const log = new MemoryLog(new ByteBudget(MEBIBYTE));
    let taken = 0;
    while (append(log, 'x'.repeat(1000))) taken++;
    expect(taken).toBeGreaterThan(600);
    expect(append(log, 'x'.repeat(200_000), FRAME_FLAG_CONTROL)).toBe(true);
    expect(log.pendingFrames).toBe(taken + 1);
    log.release(log.range({}) as FrameRange);
    expect(append(log, 'y'.repeat(1000))).toBe(true);
  });

  test('the memory of released frames is given back', () => {
    const budget = new ByteBudget(64 * MEBIBYTE);
    const log = new MemoryLog(budget);
    for (let i = 0; i < 10_000; i++) append(log, 'x'.repeat(1000));
    expect(budget.usedBytes).toBeGreaterThan(10_000_000);
    log.release(log.range({}) as FrameRange);
    expect(budget.usedBytes).toBeLessThanOrEqual(MEBIBYTE);
  });
});
