import { closeSync, mkdirSync, writev } from 'node:fs';
import { promisify } from 'node:util';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { FRAME_HEADER_BYTES, frameBytes, frameHead } from 'simvue-otel/framed-log';
import type { RecordKind } from '../pipeline/record-kind.ts';
import type { IngestLog, IngestRecord, IngestRecordMeta, LogReader } from './ingest-log-port.ts';
import { type LogSegment, SegmentedLogReader } from './log/log-reader.ts';
import { readSegment } from './log/read-segment.ts';
import { RecentBodies } from './log/recent-bodies.ts';
import { type OpenSegment, SegmentFiles } from './log/segment-files.ts';

const writeAll = promisify(writev);
const PADDING = Buffer.alloc(8);
/** A group ends here, so that the first of many waiting requests is not kept back by the last. */
const MAX_GROUP_BYTES = 32 << 20;
/** Below the system's limit of 1,024 buffers a `writev`. */
const MAX_BUFFERS = 1_000;
const RECENT_BODIES = 4_096;
const PROBE_MILLISECONDS = 1_000;

interface Waiting {
  readonly kind: RecordKind;
  readonly meta: Buffer;
  readonly body: Buffer;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

interface ClosedSegment {
  readonly number: number;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  lastSequence: number;
}

/**
 * Opens the log in `directory`, which is made when it is not there. Nothing is replayed; the first append begins a new segment.
 *
 * @param onDisk - told why the log cannot be written when that begins, and with undefined when it can be again: it is tried each second.
 */
export async function openIngestLog(
  directory: string,
  onDisk: (trouble: string | undefined) => void,
): Promise<IngestLog> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = new SegmentedLog(new SegmentFiles(directory), onDisk);
  await log.open();
  return log;
}

class SegmentedLog implements IngestLog {
  readonly #files: SegmentFiles;
  readonly #onDisk: (trouble: string | undefined) => void;
  /** Runs while the log cannot be written. */
  #probe: NodeJS.Timeout | undefined;
  readonly #recent = new RecentBodies(RECENT_BODIES);
  readonly #closed: ClosedSegment[] = [];
  #current: OpenSegment | undefined;
  #offset = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #lastSequence = 0;
  #nextSequence = 1;
  #groups = 0;
  #bytes = 0;
  #commitSeconds = 0;
  #isIdle = true;

  constructor(files: SegmentFiles, onDisk: (trouble: string | undefined) => void) {
    this.#files = files;
    this.#onDisk = onDisk;
  }

  async open(): Promise<void> {
    for (const number of this.#files.list()) {
      const path = this.#files.path(number);
      const records = await readSegment(path, this.#lastSequence);
      for (const record of records) this.#recent.remember(record.kind, record.body, path, record.bodyOffset);
      this.#lastSequence = records.at(-1)?.sequence ?? this.#lastSequence;
      const usedBytes = records.at(-1)?.endOffset ?? 0;
      this.#bytes += usedBytes;
      this.#closed.push({ number, sizeBytes: 0, usedBytes, lastSequence: this.#lastSequence });
    }
    this.#nextSequence = this.#lastSequence + 1;
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  get statistics() {
    return {
      groups: this.#groups,
      bytes: this.#bytes,
      segments: this.#closed.length + (this.#current === undefined ? 0 : 1),
      commitSeconds: this.#commitSeconds,
    };
  }

  append(kind: RecordKind, meta: IngestRecordMeta, body: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ kind, meta: Buffer.from(JSON.stringify(meta)), body, resolve, reject });
      this.#writing ??= this.#writeGroups();
    });
  }

  continueAt(sequence: number): void {
    this.#nextSequence = sequence;
  }

  holds(kind: RecordKind, body: Buffer): boolean {
    return this.#recent.holds(kind, body);
  }

  async *replay(fromSequence: number): AsyncIterable<IngestRecord> {
    let last = 0;
    for (const segment of [...this.#closed]) {
      if (segment.lastSequence < fromSequence) {
        last = segment.lastSequence;
        continue;
      }
      for (const record of await readSegment(this.#files.path(segment.number), last)) {
        last = record.sequence;
        if (record.sequence >= fromSequence) yield record;
      }
    }
  }

  reader(fromSequence: number): LogReader {
    return new SegmentedLogReader(fromSequence - 1, (sequence) => this.#segmentAfter(sequence));
  }

  backlog(fromSequence: number) {
    const segments = this.#closed.filter(({ lastSequence }) => lastSequence >= fromSequence);
    const current = this.#current !== undefined && this.#lastSequence >= fromSequence ? this.#offset : 0;
    const bytes = segments.reduce((sum, { usedBytes }) => sum + usedBytes, current);
    return { bytes, oldestEnd: segments[0]?.lastSequence ?? this.#lastSequence };
  }

  #segmentAfter(sequence: number): LogSegment | undefined {
    if (sequence >= this.#lastSequence) return undefined;
    const closed = this.#closed.find(({ lastSequence }) => lastSequence > sequence);
    if (closed !== undefined) return { path: this.#files.path(closed.number), lastSequence: closed.lastSequence };
    if (this.#current === undefined) return undefined;
    return { path: this.#current.path, lastSequence: this.#lastSequence };
  }

  trim(safeSequence: number): void {
    // The newest record stays on disk: after a restart it tells where the sequence numbers go on.
    const isCurrentEmpty = this.#current === undefined || this.#offset === 0;
    const below = isCurrentEmpty ? Math.min(safeSequence, this.#lastSequence) : safeSequence;
    while ((this.#closed[0]?.lastSequence ?? Number.POSITIVE_INFINITY) < below) {
      const segment = this.#closed.shift() as ClosedSegment;
      this.#recent.forget(this.#files.path(segment.number));
      this.#files.retire(segment.number, segment.sizeBytes);
    }
    if (safeSequence <= this.#lastSequence || this.#isIdle) return;
    this.#isIdle = true;
    this.#files.shrink().catch((error: unknown) => this.#failed(error));
  }

  async close(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#probe);
    this.#closeCurrent();
    await this.#files.shrink();
  }

  async #writeGroups(): Promise<void> {
    // Requests that arrive in the same turn of the event loop share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#writeGroup(group);
      } catch (error) {
        this.#closeCurrent();
        const failure = this.#failed(error);
        for (const waiting of group) waiting.reject(failure);
      }
    }
    this.#writing = undefined;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += frameBytes(waiting.meta.length, waiting.body.length);
      if (count > 0 && (bytes > MAX_GROUP_BYTES || count * 3 + 3 > MAX_BUFFERS)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const startedAt = performance.now();
    const buffers: Buffer[] = [];
    const bodyOffsets: number[] = [];
    const first = this.#nextSequence;
    // The numbers of a group that fails are not used again: what it left on disk must not look like a later record.
    this.#nextSequence += group.length;
    let bytes = 0;
    for (const [index, waiting] of group.entries()) {
      const { head, paddingBytes } = frameHead(waiting.kind, 0, first + index, waiting.meta, waiting.body);
      bodyOffsets.push(bytes + FRAME_HEADER_BYTES + waiting.meta.length);
      buffers.push(head, waiting.body);
      if (paddingBytes > 0) buffers.push(PADDING.subarray(0, paddingBytes));
      bytes += head.length + waiting.body.length + paddingBytes;
    }
    const segment = await this.#segmentFor(bytes);
    const offset = this.#offset;
    await this.#write(segment.fd, buffers, offset, bytes);
    this.#offset = offset + bytes;
    this.#lastSequence = first + group.length - 1;
    this.#isIdle = false;
    this.#groups++;
    this.#bytes += bytes;
    this.#commitSeconds += (performance.now() - startedAt) / 1000;
    for (const [index, waiting] of group.entries()) {
      this.#recent.remember(waiting.kind, waiting.body, segment.path, offset + (bodyOffsets[index] as number));
      waiting.resolve(first + index);
    }
    this.#files.prepare().catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): SimvueError {
    const message = `the ingest log cannot be written: ${errorText(error)}`;
    if (this.#probe === undefined) {
      this.#onDisk(message);
      this.#probeSoon();
    }
    return new SimvueError('SIMVUE_ERR_DISK', message, { cause: error });
  }

  #probeSoon(): void {
    this.#probe = setTimeout(async () => {
      try {
        await this.#files.shrink();
        await this.#files.prepare();
        this.#probe = undefined;
        this.#onDisk(undefined);
      } catch {
        // Told already; a rejection means: not yet.
        this.#probeSoon();
      }
    }, PROBE_MILLISECONDS);
  }

  async #write(fd: number, buffers: Buffer[], position: number, bytes: number): Promise<void> {
    let rest = buffers;
    let written = 0;
    while (written < bytes) {
      const { bytesWritten } = await writeAll(fd, rest, position + written);
      written += bytesWritten;
      if (written < bytes) rest = skipBytes(rest, bytesWritten);
    }
  }

  async #segmentFor(bytes: number): Promise<OpenSegment> {
    if (this.#current !== undefined && this.#offset + bytes <= this.#current.sizeBytes) return this.#current;
    const previous = this.#current;
    this.#closeCurrent();
    this.#current = await this.#files.next(previous, bytes);
    this.#offset = 0;
    return this.#current;
  }

  #closeCurrent(): void {
    const segment = this.#current;
    if (segment === undefined) return;
    this.#current = undefined;
    closeSync(segment.fd);
    const { number, sizeBytes } = segment;
    this.#closed.push({ number, sizeBytes, usedBytes: this.#offset, lastSequence: this.#lastSequence });
  }
}

/** What is left of `buffers` behind the first `bytes` bytes. */
function skipBytes(buffers: readonly Buffer[], bytes: number): Buffer[] {
  let rest = bytes;
  let index = 0;
  while (index < buffers.length && rest >= (buffers[index] as Buffer).length) {
    rest -= (buffers[index] as Buffer).length;
    index++;
  }
  const [first, ...others] = buffers.slice(index);
  return first === undefined ? [] : [first.subarray(rest), ...others];
}
