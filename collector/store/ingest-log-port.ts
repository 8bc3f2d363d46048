import type { RecordKind } from '../pipeline/record-kind.ts';

/** What is known of a request besides its body; kept in the meta of the frame as JSON. */
export interface IngestRecordMeta {
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly principal: string;
  /** Version of the decoder that validated the body. */
  readonly decoderVersion: number;
  /** Runs chosen for resources without process identity, by index of the part: a replay repeats the choice. */
  readonly choices?: Readonly<Record<number, string>>;
}

export interface IngestRecord {
  readonly sequence: number;
  readonly kind: RecordKind;
  readonly meta: IngestRecordMeta;
  readonly body: Buffer;
}

/** Reads the log while it grows; one read at a time. */
export interface LogReader {
  /**
   * The next durable record; undefined when there is none yet. What was trimmed before it was read is left out.
   *
   * @throws SimvueError `SIMVUE_ERR_STORE` for a damaged segment; the next read goes on behind it.
   */
  next(): Promise<IngestRecord | undefined>;
  close(): Promise<void>;
}

/** Durable, ordered log of accepted request bodies in recycled segment files. */
export interface IngestLog {
  /** Sequence number of the newest durable record; 0 = none. */
  readonly lastSequence: number;
  /**
   * Appends a record; concurrent appends share one durable write.
   *
   * @returns its sequence number once it is durable; promises resolve in the order of the calls.
   */
  append(kind: RecordKind, meta: IngestRecordMeta, body: Buffer): Promise<number>;
  /** Gives the next record this number, which is greater than those of all others; before the first append. */
  continueAt(sequence: number): void;
  /** True when the newest records hold exactly this body: a retry of a client that saw no answer. */
  holds(kind: RecordKind, body: Buffer): boolean;
  /** Every valid record from a sequence number on, in order. */
  replay(fromSequence: number): AsyncIterable<IngestRecord>;
  /** Reads on from a sequence number, beside the appends. */
  reader(fromSequence: number): LogReader;
  /** Bytes of the segments with records from a sequence number on, and the newest record of the oldest of them. */
  backlog(fromSequence: number): { readonly bytes: number; readonly oldestEnd: number };
  /** Records below this sequence number may be dropped. */
  trim(safeSequence: number): void;
  readonly statistics: {
    readonly groups: number;
    /** Bytes of all records on disk at the start and appended since: never falls. */
    readonly bytes: number;
    readonly segments: number;
    readonly commitSeconds: number;
  };
  close(): Promise<void>;
}
