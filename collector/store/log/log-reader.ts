import { type FileHandle, open } from 'node:fs/promises';
import { SimvueError } from 'simvue-otel/errors';
import { FRAME_HEADER_BYTES, type Frame, readFrame } from 'simvue-otel/framed-log';
import type { RecordKind } from '../../pipeline/record-kind.ts';
import type { IngestRecord, IngestRecordMeta, LogReader } from '../ingest-log-port.ts';

const WINDOW_BYTES = 1 << 20;

/** A segment of the log: its newest durable record says how far it may be read. */
export interface LogSegment {
  readonly path: string;
  readonly lastSequence: number;
}

/** Reads segments, one after the other, while they are written and retired. */
export class SegmentedLogReader implements LogReader {
  readonly #segmentAfter: (sequence: number) => LogSegment | undefined;
  #after: number;
  #file: { readonly path: string; readonly handle: FileHandle } | undefined;
  #offset = 0;
  #window: Buffer = Buffer.alloc(0);
  #windowOffset = 0;

  /**
   * @param after - sequence number before the first record to read.
   * @param segmentAfter - the oldest segment with a durable record behind a sequence number.
   */
  constructor(after: number, segmentAfter: (sequence: number) => LogSegment | undefined) {
    this.#after = after;
    this.#segmentAfter = segmentAfter;
  }

  async next(): Promise<IngestRecord | undefined> {
    for (;;) {
      const segment = this.#segmentAfter(this.#after);
      if (segment === undefined) return undefined;
      if (!(await this.#open(segment.path))) continue;
      const frame = await this.#frameBehind(this.#after, segment.lastSequence);
      if (frame === undefined) {
        this.#after = segment.lastSequence;
        throw new SimvueError('SIMVUE_ERR_STORE', `${segment.path}: records are damaged`);
      }
      this.#after = frame.sequence;
      return {
        sequence: frame.sequence,
        kind: frame.kind as RecordKind,
        meta: JSON.parse(frame.meta.toString()) as IngestRecordMeta,
        body: frame.payload,
      };
    }
  }

  async close(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  /** @returns false when the segment was retired meanwhile. */
  async #open(path: string): Promise<boolean> {
    if (this.#file?.path === path) return true;
    await this.close();
    try {
      this.#file = { path, handle: await open(path) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    this.#offset = 0;
    this.#window = Buffer.alloc(0);
    this.#windowOffset = 0;
    return true;
  }

  async #frameBehind(after: number, last: number): Promise<Frame | undefined> {
    for (;;) {
      const frame = await this.#frame();
      if (frame === undefined || frame.sequence > last) return undefined;
      this.#offset = this.#windowOffset + frame.nextOffset;
      if (frame.sequence > after) return frame;
    }
  }

  /** The frame at the offset, from the window or read anew: bytes behind the durable end may have been written since. */
  async #frame(): Promise<Frame | undefined> {
    const held = readFrame(this.#window, this.#offset - this.#windowOffset);
    if (held !== undefined) return held;
    await this.#fill(WINDOW_BYTES);
    if (this.#window.length < FRAME_HEADER_BYTES) return undefined;
    const bytes = FRAME_HEADER_BYTES + this.#window.readUInt32LE(4) + this.#window.readUInt16LE(14);
    if (bytes > this.#window.length) await this.#fill(bytes);
    return readFrame(this.#window, 0);
  }

  /** A new buffer each time: records that were read keep theirs. */
  async #fill(bytes: number): Promise<void> {
    const handle = this.#file?.handle;
    const size = (await handle?.stat())?.size ?? 0;
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(bytes, size - this.#offset)));
    const { bytesRead = 0 } = (await handle?.read(buffer, 0, buffer.length, this.#offset)) ?? {};
    this.#window = buffer.subarray(0, bytesRead);
    this.#windowOffset = this.#offset;
  }
}
