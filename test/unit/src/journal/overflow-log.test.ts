import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteBudget } from '../../../../src/byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PADDING_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameLog,
} from '../../../../src/frame-log.ts';
import { OverflowLog } from '../../../../src/journal/overflow-log.ts';
import { MemoryLog } from '../../../../src/memory-log.ts';
import { viewed } from '../../../../src/viewed-bytes.ts';

/** A log that refuses everything while it is full. */
class Disk extends MemoryLog {
  isFull = false;

  override append(...frame: Parameters<FrameLog['append']>): boolean {
    return !this.isFull && super.append(...frame);
  }
}

function create() {
  const memory = () => new ByteBudget(64 * 1024 * 1024);
  const disk = new Disk(memory());
  return { disk, log: new OverflowLog(disk, new MemoryLog(memory())) };
}

function append(log: FrameLog, text: string, flags = 0): boolean {
  const frame = Buffer.concat([Buffer.alloc(FRAME_PREFIX_BYTES), Buffer.from(text), Buffer.alloc(FRAME_PADDING_BYTES)]);
  return log.append(flags, 1, viewed(frame), text.length);
}

function take(log: FrameLog, frames: number): string {
  const range = log.range({ frames });
  if (range === undefined) return '';
  const target = Buffer.alloc(range.payloadBytes);
  log.copyPayloads(range, target, 0);
  log.release(range);
  return target.toString();
}

test('law: whatever the disk takes or refuses, what goes in comes out once, in order', () => {
  const action = fc.oneof(
    fc.record({ append: fc.nat(3000) }),
    fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ full: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const { disk, log } = create();
      let [written, read, counter] = ['', '', 0];
      for (const step of actions) {
        if ('full' in step) disk.isFull = step.full;
        else if ('take' in step) read += take(log, step.take);
        else {
          const text = `${counter++}:${'x'.repeat(step.append)};`;
          expect(append(log, text)).toBe(true);
          written += text;
        }
        expect(log.waitingItems).toBe(log.pendingFrames);
      }
      while (log.pendingFrames > 0) read += take(log, 100);
      expect(read === written).toBe(true);
      expect(take(log, 1)).toBe('');
    }),
    { numRuns: 200 },
  );
});

test('a range that lies in memory can be split', () => {
  const { disk, log } = create();
  disk.isFull = true;
  for (const text of ['a', 'b', 'c']) append(log, text);
  const left = log.range({ frames: 1 });
  const right = log.range({ frames: 2 }, left?.end);
  expect([left?.payloadBytes, right?.payloadBytes]).toEqual([1, 2]);
  if (left !== undefined) log.release(left);
  expect(take(log, 5)).toBe('bc');
});

test('a change of state goes to the disk as soon as that takes it again, before older data from memory', () => {
  const { disk, log } = create();
  disk.isFull = true;
  append(log, 'data');
  disk.isFull = false;
  append(log, 'end', FRAME_FLAG_CONTROL);
  append(log, 'more');
  expect(disk.pendingFrames).toBe(1);
  expect([take(log, 9), take(log, 9)]).toEqual(['end', 'datamore']);
});
