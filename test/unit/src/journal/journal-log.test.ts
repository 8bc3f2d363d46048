import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ByteBudget } from '../../../../src/byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PADDING_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameRange,
  type FrameSource,
} from '../../../../src/frame-log.ts';
import { JournalLog } from '../../../../src/journal/journal-log.ts';
import { ProgressFile } from '../../../../src/journal/progress-file.ts';
import { DirectOutput, type SegmentOutput } from '../../../../src/journal/segment-output.ts';
import { SegmentReader } from '../../../../src/journal/segment-reader.ts';
import { WriteBehindOutput } from '../../../../src/journal/write-behind-output.ts';
import { viewed } from '../../../../src/viewed-bytes.ts';
import { header } from './header.ts';

const MEBIBYTE = 1024 * 1024;
const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'simvue-journal-'));
  directories.push(directory);
  return directory;
}

function fail(error: Error): void {
  throw error;
}

function newLog(directory: string, limitBytes = 64 * MEBIBYTE, writeBehind = false, onError = fail): JournalLog {
  const output = (written: (frames: number, items: number) => void): SegmentOutput =>
    writeBehind ? new WriteBehindOutput(written, onError) : new DirectOutput(written);
  return new JournalLog({
    directory,
    signal: 'metrics',
    header,
    budget: new ByteBudget(limitBytes),
    output,
    onError,
  });
}

function append(log: JournalLog, text: string, flags = 0): boolean {
  const frame = Buffer.concat([Buffer.alloc(FRAME_PREFIX_BYTES), Buffer.from(text), Buffer.alloc(FRAME_PADDING_BYTES)]);
  return log.append(flags, 1, viewed(frame), text.length);
}

function read(log: FrameSource, range: FrameRange): string {
  const target = Buffer.alloc(range.payloadBytes);
  log.copyPayloads(range, target, 0);
  return target.toString();
}

/** Reads a journal as another process does, from where the last one got to. */
function readAll(directory: string, release = true): string {
  const reader = new SegmentReader(directory, 'metrics', new ProgressFile(join(directory, 'metrics.sent'), fail));
  let text = '';
  for (let range = reader.range({}); range !== undefined; range = reader.range({}, range.end)) {
    const target = Buffer.alloc(range.payloadBytes);
    reader.copyPayloads(range, target, 0);
    text += target;
    if (release) reader.release(range);
  }
  reader.close();
  return text;
}

describe('the log on disk', () => {
  test('law: what goes in comes out once, in order, to its writer and to another process, whatever the sizes and releases', () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.record({ append: fc.nat(400_000), times: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 1, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 20 }), bytes: fc.nat(2_000_000) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const directory = newDirectory();
        const log = newLog(directory, 256 * MEBIBYTE);
        const oracle: string[] = [];
        let counter = 0;
        for (const step of actions) {
          if ('append' in step) {
            for (let i = 0; i < step.times; i++) {
              const text = `${counter++}:${'x'.repeat(step.append)};`;
              expect(append(log, text)).toBe(true);
              oracle.push(text);
            }
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
        log.close();
        expect(readAll(directory) === oracle.join('')).toBe(true);
        expect(readAll(directory)).toBe('');
      }),
      { numRuns: 25 },
    );
  });

  test('a range can be split, and both parts read and released in turn', () => {
    const log = newLog(newDirectory());
    for (const text of ['a', 'b', 'c', 'd', 'e']) append(log, text);
    const left = log.range({ frames: 2 }) as FrameRange;
    const right = log.range({ frames: 3 }, left.end) as FrameRange;
    expect([read(log, left), read(log, right)]).toEqual(['ab', 'cde']);
    log.release(left);
    expect(read(log, log.range({}) as FrameRange)).toBe('cde');
    log.release(right);
    expect(log.range({})).toBeUndefined();
    log.close();
  });

  test('a file cut at any byte, as a crash may leave it, keeps every frame before the cut', () => {
    const directory = newDirectory();
    const log = newLog(directory);
    for (let i = 0; i < 30; i++) append(log, `${i};`);
    log.close();
    const path = join(directory, 'metrics-00000000.svj');
    const whole = readAll(directory, false);
    const ends = new Set<string>();
    for (let size = readFileSync(path).length; size >= header.length; size--) {
      truncateSync(path, size);
      const text = readAll(directory, false);
      expect(whole.startsWith(text)).toBe(true);
      ends.add(text);
    }
    expect(ends.size).toBe(31);
  });

  test('a frame of another process is not seen before it is whole, and the torn end of a full segment is stepped over', () => {
    const directory = newDirectory();
    const log = newLog(directory);
    for (let i = 0; i < 5; i++) append(log, `${i}${'x'.repeat(4 * MEBIBYTE)}`);
    expect(readdirSync(directory).length).toBe(5);
    truncateSync(join(directory, 'metrics-00000001.svj'), 3 * MEBIBYTE);
    const seen = readAll(directory).replaceAll('x', '');
    expect(seen).toBe('0234');
    log.close();
  });

  test('what another sender has delivered and removed is not waited for', () => {
    const directory = newDirectory();
    const log = newLog(directory);
    for (let i = 0; i < 5; i++) append(log, 'x'.repeat(3 * MEBIBYTE));
    readAll(directory);
    expect(readdirSync(directory).filter((name) => name.endsWith('.svj'))).toHaveLength(1);
    for (let range = log.range({}); range !== undefined; range = log.range({})) log.release(range);
    expect([log.pendingFrames, log.pendingItems]).toEqual([0, 0]);
    append(log, 'after');
    expect(read(log, log.range({}) as FrameRange)).toBe('after');
    log.close();
  });

  test.each([false, true])(
    'what somebody removes under its writer is written again (behind: %s), for a sender and at the end',
    (writeBehind) => {
      const directory = newDirectory();
      const problems: string[] = [];
      const log = newLog(directory, 64 * MEBIBYTE, writeBehind, ({ message }) => problems.push(message));
      append(log, 'a');
      log.flushSync();
      rmSync(directory, { recursive: true });
      append(log, 'b');
      log.flushSync();
      const range = log.range({});
      expect(range && read(log, range)).toBe('ab');
      expect(problems).toEqual([expect.stringContaining('somebody has removed')]);
      rmSync(directory, { recursive: true });
      append(log, 'c');
      log.close();
      expect(readAll(directory)).toBe('abc');
    },
  );

  test('a full journal refuses data, still takes control frames, and takes data again once segments are sent', () => {
    const directory = newDirectory();
    const log = newLog(directory, 20 * MEBIBYTE);
    while (append(log, 'x'.repeat(100_000)));
    expect(append(log, 'x'.repeat(200_000), FRAME_FLAG_CONTROL)).toBe(true);
    for (let range = log.range({}); range !== undefined; range = log.range({})) log.release(range);
    expect(readdirSync(directory).filter((name) => name.endsWith('.svj'))).toHaveLength(1);
    expect(append(log, 'y'.repeat(100_000))).toBe(true);
    log.close();
  });

  test('on a network file system frames are pending once they are written: after a flush, after 64 KiB, or at the end', async () => {
    const directory = newDirectory();
    const log = newLog(directory, 64 * MEBIBYTE, true);
    const texts = Array.from({ length: 2000 }, (_, i) => `${i}:${'x'.repeat(100)};`);
    for (const text of texts) append(log, text);
    expect(log.waitingItems).toBe(2000);
    expect(log.pendingFrames).toBe(0);
    await log.flush();
    expect([log.waitingItems, log.pendingFrames]).toEqual([2000, 2000]);
    append(log, 'last');
    log.close();
    expect(readAll(directory)).toBe(`${texts.join('')}last`);
  });
});
