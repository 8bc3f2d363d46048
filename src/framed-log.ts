import { crc32 } from 'node:zlib';
import { checksum } from './checksum.ts';
import { SimvueError } from './errors.ts';
import { type ViewedBytes, viewed, viewOf } from './viewed-bytes.ts';

export { makePrivateDirectory } from './private-directory.ts';

/**
 * The framed log: the format of the collector's ingest log and of the client's journal.
 *
 * A log is a sequence of frames, each aligned to 8 bytes, little-endian:
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 4 | magic `SVF1` |
 * | 4 | 4 | payload bytes |
 * | 8 | 4 | CRC-32 of bytes 12 … end of payload |
 * | 12 | 1 | kind (meaning belongs to the log's owner) |
 * | 13 | 1 | flags |
 * | 14 | 2 | meta bytes |
 * | 16 | 8 | sequence number (unsigned) |
 * | 24 | meta bytes | meta |
 * | 24 + meta | payload bytes | payload |
 * | … | 0-7 | zero padding |
 *
 * A frame is valid when the magic, the lengths and the CRC are, and when its sequence number is the previous one plus 1,
 * so that what is left in a recycled file is never read.
 */
export const FRAME_MAGIC = 0x31465653; // "SVF1"
export const FRAME_HEADER_BYTES = 24;
export const MAX_FRAME_META_BYTES = 0xffff;

export interface Frame {
  readonly kind: number;
  readonly flags: number;
  readonly sequence: number;
  readonly meta: Buffer;
  readonly payload: Buffer;
  /** Where the frame starts in the log, and where the next one does. */
  readonly offset: number;
  readonly nextOffset: number;
}

/** Bytes that a frame takes in the log, padding included. */
export function frameBytes(metaBytes: number, payloadBytes: number): number {
  return (FRAME_HEADER_BYTES + metaBytes + payloadBytes + 7) & ~7;
}

/**
 * Writes the header of a frame whose meta and payload already stand behind it in `target`, and zeroes the padding.
 *
 * @param target - holds the meta at `offset + 24` and the payload behind the meta.
 * @param sequence - unsigned integer below 2^53.
 * @returns offset of the next frame.
 */
export function sealFrame(
  target: ViewedBytes,
  offset: number,
  kind: number,
  flags: number,
  sequence: number,
  metaBytes: number,
  payloadBytes: number,
): number {
  const { view } = target;
  writeHeader(view, offset, kind, flags, sequence, metaBytes, payloadBytes);
  const end = offset + FRAME_HEADER_BYTES + metaBytes + payloadBytes;
  const next = offset + frameBytes(metaBytes, payloadBytes);
  for (let i = end; i < next; i++) view.setUint8(i, 0);
  view.setUint32(offset + 8, checksum(target, offset + 12, end), true);
  return next;
}

/**
 * Header and meta of a frame whose payload lies elsewhere (written with `writev`, not copied).
 *
 * @returns one buffer to write before the payload, and the number of zero bytes to write after it.
 */
export function frameHead(
  kind: number,
  flags: number,
  sequence: number,
  meta: Uint8Array,
  payload: Uint8Array,
): { head: Buffer; paddingBytes: number } {
  const head = Buffer.allocUnsafe(FRAME_HEADER_BYTES + meta.length);
  head.set(meta, FRAME_HEADER_BYTES);
  writeHeader(viewOf(head), 0, kind, flags, sequence, meta.length, payload.length);
  head.writeUInt32LE(crc32(payload, crc32(head.subarray(12))), 8);
  const bytes = FRAME_HEADER_BYTES + meta.length + payload.length;
  return { head, paddingBytes: frameBytes(meta.length, payload.length) - bytes };
}

/**
 * Bytes of the frame at `offset`, padding included; 0 where no valid frame starts: a torn tail, zeroes, or the remains of a recycled file.
 */
export function validFrameBytes(source: ViewedBytes, offset: number): number {
  const { view } = source;
  if (offset + FRAME_HEADER_BYTES > view.byteLength || view.getUint32(offset, true) !== FRAME_MAGIC) return 0;
  const payloadBytes = view.getUint32(offset + 4, true);
  const metaBytes = view.getUint16(offset + 14, true);
  const end = offset + FRAME_HEADER_BYTES + metaBytes + payloadBytes;
  if (end > view.byteLength || checksum(source, offset + 12, end) !== view.getUint32(offset + 8, true)) return 0;
  return frameBytes(metaBytes, payloadBytes);
}

/**
 * Reads the frame at `offset`, or returns undefined where no valid frame starts.
 *
 * @param expectedSequence - the previous frame's sequence number plus 1; undefined = any (first frame).
 */
export function readFrame(source: Buffer, offset: number, expectedSequence?: number): Frame | undefined {
  const bytes = validFrameBytes(viewed(source), offset);
  if (bytes === 0) return undefined;
  const sequence = source.readUInt32LE(offset + 20) * 0x1_0000_0000 + source.readUInt32LE(offset + 16);
  if (expectedSequence !== undefined && sequence !== expectedSequence) return undefined;
  const payloadStart = offset + FRAME_HEADER_BYTES + source.readUInt16LE(offset + 14);
  return {
    kind: source[offset + 12] as number,
    flags: source[offset + 13] as number,
    sequence,
    meta: source.subarray(offset + FRAME_HEADER_BYTES, payloadStart),
    payload: source.subarray(payloadStart, payloadStart + source.readUInt32LE(offset + 4)),
    offset,
    nextOffset: offset + bytes,
  };
}

/** Yields every valid frame from `offset` on, and stops at the first that is not. */
export function* readFrames(source: Buffer, offset = 0, expectedSequence?: number): Generator<Frame> {
  let expected = expectedSequence;
  let frame = readFrame(source, offset, expected);
  while (frame !== undefined) {
    yield frame;
    expected = frame.sequence + 1;
    frame = readFrame(source, frame.nextOffset, expected);
  }
}

function writeHeader(
  target: DataView,
  offset: number,
  kind: number,
  flags: number,
  sequence: number,
  metaBytes: number,
  payloadBytes: number,
): void {
  if (metaBytes > MAX_FRAME_META_BYTES) {
    throw new SimvueError('SIMVUE_ERR_FRAME', `frame meta of ${metaBytes} bytes exceeds ${MAX_FRAME_META_BYTES}`);
  }
  target.setUint32(offset, FRAME_MAGIC, true);
  target.setUint32(offset + 4, payloadBytes, true);
  target.setUint8(offset + 12, kind);
  target.setUint8(offset + 13, flags);
  target.setUint16(offset + 14, metaBytes, true);
  target.setUint32(offset + 16, sequence >>> 0, true);
  target.setUint32(offset + 20, Math.floor(sequence / 0x1_0000_0000), true);
}
