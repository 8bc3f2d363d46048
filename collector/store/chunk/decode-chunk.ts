import { inflateRawSync } from 'node:zlib';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { scatterPlane, undoXor } from './byte-planes.ts';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_VERSION,
  CODEC_DEFLATE,
  COLUMN,
  chunkChecksum,
  MAX_CHUNK_POINTS,
} from './chunk-format.ts';
import type { PointColumns } from './point-columns.ts';
import { VarintReader } from './varint-column.ts';

/**
 * Decodes a chunk.
 *
 * @throws SimvueError `SIMVUE_ERR_STORE` when the bytes are not a chunk of this format or were damaged.
 */
export function decodeChunk(blob: Buffer): PointColumns {
  if (blob.length < CHUNK_HEADER_BYTES || blob[0] !== CHUNK_VERSION) throw damaged('unknown format');
  const count = blob.readUInt32LE(12);
  if (count === 0 || count > MAX_CHUNK_POINTS) throw damaged(`${count} points`);
  if (chunkChecksum(blob) !== blob.readUInt32LE(24)) throw damaged('checksum differs');
  const rawStart = CHUNK_HEADER_BYTES + blob.readUInt32LE(20);
  const reader = new VarintReader(unpack(blob, rawStart));
  const { timeLow, timeHigh } = readTimes(reader, blob, count);
  const step = readSteps(reader, blob, count);
  const values = readPlanes(reader, blob, count, blob[5] as number, blob[6] as number, rawStart);
  const runTime =
    blob[4] === COLUMN.planes
      ? readPlanes(reader, blob, count, blob[7] as number, blob[8] as number, values.rawEnd).column
      : undefined;
  return { count, timeLow, timeHigh, value: values.column, step, runTime };
}

function unpack(blob: Buffer, rawStart: number): Buffer {
  const part = blob.subarray(CHUNK_HEADER_BYTES, rawStart);
  if (blob[1] !== CODEC_DEFLATE) return part;
  let unpacked: Buffer;
  try {
    unpacked = inflateRawSync(part, { maxOutputLength: MAX_CHUNK_POINTS * 48 });
  } catch (error) {
    throw damaged(errorText(error));
  }
  if (unpacked.length !== blob.readUInt32LE(16)) throw damaged('length differs');
  return unpacked;
}

function readTimes(reader: VarintReader, blob: Buffer, count: number): { timeLow: Uint32Array; timeHigh: Uint32Array } {
  const timeLow = new Uint32Array(count);
  const timeHigh = new Uint32Array(count);
  if (blob[2] === COLUMN.plain) {
    for (let i = 0; i < count; i++, reader.position += 8) {
      timeLow[i] = reader.buffer.readUInt32LE(reader.position);
      timeHigh[i] = reader.buffer.readUInt32LE(reader.position + 4);
    }
    return { timeLow, timeHigh };
  }
  const isRegular = blob[2] === COLUMN.regular;
  let low = blob.readUInt32LE(28);
  let high = blob.readUInt32LE(32);
  timeLow[0] = low;
  timeHigh[0] = high;
  let delta = 0;
  for (let i = 1; i < count; i++) {
    if (i === 1 || !isRegular) delta += reader.read();
    const sum = low + delta;
    const carry = Math.floor(sum / 0x1_0000_0000);
    low = sum - carry * 0x1_0000_0000;
    high += carry;
    timeLow[i] = low;
    timeHigh[i] = high;
  }
  return { timeLow, timeHigh };
}

function readSteps(reader: VarintReader, blob: Buffer, count: number): Float64Array | undefined {
  if (blob[3] === COLUMN.absent) return undefined;
  const step = new Float64Array(count);
  if (blob[3] === COLUMN.plain) {
    for (let i = 0; i < count; i++, reader.position += 8) step[i] = reader.buffer.readDoubleLE(reader.position);
    return step;
  }
  const isRegular = blob[3] === COLUMN.regular;
  let value = reader.read();
  let delta = 0;
  step[0] = value;
  for (let i = 1; i < count; i++) {
    if (i === 1 || !isRegular) delta += reader.read();
    value += delta;
    step[i] = value;
  }
  return step;
}

function readPlanes(
  reader: VarintReader,
  blob: Buffer,
  count: number,
  zero: number,
  raw: number,
  rawStart: number,
): { column: Float64Array; rawEnd: number } {
  const column = new Float64Array(count);
  const bytes = new Uint8Array(column.buffer);
  let rawEnd = rawStart;
  for (let plane = 0; plane < 8; plane++) {
    if ((zero >> plane) & 1) continue;
    if ((raw >> plane) & 1) {
      scatterPlane(blob, rawEnd, plane, count, bytes);
      rawEnd += count;
    } else {
      scatterPlane(reader.buffer, reader.position, plane, count, bytes);
      reader.position += count;
    }
  }
  undoXor(new Uint32Array(column.buffer));
  return { column, rawEnd };
}

function damaged(reason: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_STORE', `a stored chunk is damaged: ${reason}`);
}
