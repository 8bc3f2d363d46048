import type { Attributes, HrTime } from '@opentelemetry/api';
import { unixNanoToHrTime } from '../time.ts';
import type { SimvueRecord } from './log-entries.ts';

/** A data point as our writer encodes it: one in each gauge. */
export interface EncodedPoint {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly value: number;
  readonly attributes: Attributes;
}

interface WireField {
  readonly number: number;
  /** Of a varint its bytes, of a length-delimited field what is in it. */
  readonly bytes: Buffer;
}

/** Attributes of the resource of a request that our writer has encoded. */
export function readResource(body: Buffer): Attributes {
  return Object.fromEntries(all(one(one(body, 1), 1), 1).map(readKeyValue)) as Attributes;
}

/** Points of a request of metrics. */
export function* readPoints(body: Buffer): Generator<EncodedPoint> {
  for (const metric of all(one(one(body, 1), 2), 2)) {
    const name = one(metric, 1).toString();
    for (const point of all(one(metric, 5), 1)) yield readPoint(name, point);
  }
}

/** Records of a request of logs. */
export function* readRecords(body: Buffer): Generator<SimvueRecord> {
  for (const record of all(one(one(body, 1), 2), 2)) yield readRecord(record);
}

function readPoint(name: string, point: Buffer): EncodedPoint {
  const attributes: Record<string, unknown> = {};
  let timeUnixNano = 0n;
  let value = Number.NaN;
  for (const { number, bytes } of fields(point)) {
    if (number === 3) timeUnixNano = bytes.readBigUInt64LE();
    else if (number === 4) value = bytes.readDoubleLE();
    else if (number === 6) value = Number(bytes.readBigInt64LE());
    else if (number === 7) addKeyValue(attributes, bytes);
  }
  return { name, timeUnixNano, value, attributes: attributes as Attributes };
}

function readRecord(record: Buffer): SimvueRecord {
  const attributes: Record<string, unknown> = {};
  let hrTime: HrTime = [0, 0];
  let [severityNumber, eventName] = [0, ''];
  let body: SimvueRecord['body'];
  for (const { number, bytes } of fields(record)) {
    if (number === 1) hrTime = unixNanoToHrTime(bytes.readBigUInt64LE());
    else if (number === 2) severityNumber = Number(readInt64(bytes));
    else if (number === 5) body = readAnyValue(bytes) as SimvueRecord['body'];
    else if (number === 6) addKeyValue(attributes, bytes);
    else if (number === 12) eventName = bytes.toString();
  }
  return { hrTime, severityNumber, body, eventName, attributes: attributes as SimvueRecord['attributes'] };
}

function addKeyValue(attributes: Record<string, unknown>, bytes: Buffer): void {
  const [key, value] = readKeyValue(bytes);
  attributes[key] = value;
}

function readKeyValue(bytes: Buffer): [string, unknown] {
  return [one(bytes, 1).toString(), readAnyValue(one(bytes, 2))];
}

function readAnyValue(value: Buffer): unknown {
  for (const { number, bytes } of fields(value)) {
    if (number === 1) return bytes.toString();
    if (number === 2) return bytes[0] === 1;
    if (number === 3) return Number(readInt64(bytes));
    if (number === 4) return bytes.readDoubleLE();
    if (number === 5) return all(bytes, 1).map(readAnyValue);
    if (number === 6) return Object.fromEntries(all(bytes, 1).map(readKeyValue));
  }
  return null;
}

/** The first field of a number; empty without one. */
function one(message: Buffer, wanted: number): Buffer {
  for (const { number, bytes } of fields(message)) if (number === wanted) return bytes;
  return Buffer.alloc(0);
}

function all(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  for (const { number, bytes } of fields(message)) if (number === wanted) found.push(bytes);
  return found;
}

function* fields(message: Buffer): Generator<WireField> {
  for (let at = 0; at < message.length; ) {
    const tagEnd = varintEnd(message, at);
    const tag = Number(readInt64(message.subarray(at, tagEnd)));
    const wireType = tag & 7;
    let [start, end] = [tagEnd, tagEnd + 8];
    if (wireType === 0) end = varintEnd(message, tagEnd);
    else if (wireType === 2) {
      start = varintEnd(message, tagEnd);
      end = start + Number(readInt64(message.subarray(tagEnd, start)));
    } else if (wireType !== 1) throw new RangeError(`wire type ${wireType}`);
    if (end > message.length) throw new RangeError('truncated field');
    yield { number: tag >>> 3, bytes: message.subarray(start, end) };
    at = end;
  }
}

function varintEnd(message: Buffer, start: number): number {
  let at = start;
  while ((message[at++] ?? 0) >= 0x80);
  return at;
}

/** The bytes of a varint as a signed 64-bit integer; most have one or two. */
function readInt64(bytes: Buffer): bigint | number {
  if (bytes.length === 1) return bytes[0] as number;
  if (bytes.length <= 4) return bytes.reduceRight((value, byte) => value * 128 + (byte & 0x7f), 0);
  return BigInt.asIntN(
    64,
    bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n),
  );
}
