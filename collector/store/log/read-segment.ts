import { readFile } from 'node:fs/promises';
import { FRAME_HEADER_BYTES, readFrames } from 'simvue-otel/framed-log';
import type { RecordKind } from '../../pipeline/record-kind.ts';
import type { IngestRecord, IngestRecordMeta } from '../ingest-log-port.ts';

/** A record and where its body starts in the segment. */
export interface SegmentRecord extends IngestRecord {
  readonly bodyOffset: number;
  readonly endOffset: number;
}

/**
 * Every valid record of a segment file. What is left of an earlier use of the file has lower sequence numbers and is not read.
 *
 * @param afterSequence - records up to this number belong to earlier segments.
 */
export async function readSegment(path: string, afterSequence: number): Promise<SegmentRecord[]> {
  const records: SegmentRecord[] = [];
  for (const frame of readFrames(await readFile(path))) {
    if (frame.sequence <= afterSequence) break;
    records.push({
      sequence: frame.sequence,
      kind: frame.kind as RecordKind,
      meta: JSON.parse(frame.meta.toString()) as IngestRecordMeta,
      body: frame.payload,
      bodyOffset: frame.offset + FRAME_HEADER_BYTES + frame.meta.length,
      endOffset: frame.nextOffset,
    });
  }
  return records;
}
