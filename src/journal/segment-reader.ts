import { unlinkSync } from 'node:fs';
import {
  FRAME_KIND,
  type FramePosition,
  type FrameRange,
  type LogName,
  type RangeLimit,
  RangeTally,
} from '../frame-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { type ProgressFile, START } from './progress-file.ts';
import { segmentPath } from './segment-files.ts';
import { SegmentWindow } from './segment-window.ts';

/** The frames of one signal of a journal, from what is not yet sent on. A range lies within one segment and one window. */
export class SegmentReader {
  readonly #directory: string;
  readonly #signal: LogName;
  readonly #window: SegmentWindow;
  readonly #progress: ProgressFile;
  #head: FramePosition;

  constructor(directory: string, signal: LogName, progress: ProgressFile) {
    this.#directory = directory;
    this.#signal = signal;
    this.#window = new SegmentWindow(directory, signal);
    this.#progress = progress;
    this.#head = progress.read();
  }

  range(limit: RangeLimit, from: FramePosition = this.#head): FrameRange | undefined {
    const start = this.#firstData(from);
    if (start === undefined) return undefined;
    let { offset } = start;
    const tally = new RangeTally(limit);
    while (this.#window.holds({ segment: start.segment, offset })) {
      if (!tally.take(this.#window.itemsAt(offset), this.#window.payloadBytesAt(offset))) break;
      offset = this.#window.nextOffset(offset);
    }
    return { start, end: { segment: start.segment, offset }, ...tally };
  }

  copyPayloads(range: FrameRange, target: Buffer, offset: number): void {
    let at = offset;
    const position = { ...range.start };
    for (let left = range.frames; left > 0; left--) {
      if (!this.#window.load(position)) throw new RangeError(`${this.#signal} frames vanished from ${this.#directory}`);
      at += this.#window.copyPayload(position.offset, target, at);
      position.offset = this.#window.nextOffset(position.offset);
    }
  }

  /** Notes how far everything is sent, and removes the segments before that. */
  release(range: FrameRange): void {
    this.#removeSegments(this.#head.segment, range.end.segment);
    this.#head = range.end;
    this.#progress.write(range.end);
  }

  close(): void {
    this.#window.close();
    this.#progress.close();
  }

  /** Steps over headers, and over the torn end of a segment that has a successor: it was whole before that one began. */
  #firstData(from: FramePosition): FramePosition | undefined {
    let position = from;
    for (;;) {
      if (!this.#window.load(position)) {
        const next = this.#window.segmentFrom(position.segment + 1);
        if (next === undefined) return undefined;
        if (!this.#window.load(position)) {
          position = { ...START, segment: next };
          continue;
        }
      }
      if (this.#window.kindAt(position.offset) !== FRAME_KIND.header) return position;
      position = { segment: position.segment, offset: this.#window.nextOffset(position.offset) };
    }
  }

  /** Another sender may have removed them before. */
  #removeSegments(from: number, to: number): void {
    for (let segment = from; segment < to; segment++) {
      unlessMissing(() => unlinkSync(segmentPath(this.#directory, this.#signal, segment)));
    }
  }
}
