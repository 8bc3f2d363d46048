import type { Temporality } from '../pipeline/telemetry.ts';
import { type ExponentialSide, explicitBuckets, exponentialBuckets } from './bucket-quantile.ts';
import { addDistribution } from './distribution-point.ts';
import { malformed } from './malformed.ts';
import { pointAttributes } from './point-attributes.ts';
import { readPointAttributes } from './point-attributes-protobuf.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { REFUSAL } from './refusal-reasons.ts';
import type { MetricIdentity } from './request-builder.ts';

const NO_RECORDED_VALUE = 1;

/** Fields of the three kinds of distribution points; each kind fills what it has. */
interface Fields {
  timeLow: number;
  timeHigh: number;
  flags: number;
  count: number;
  sum: number | undefined;
  min: number | undefined;
  max: number | undefined;
  bucketCounts: number[];
  explicitBounds: number[];
  quantiles: { quantile: number; value: number }[];
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: ExponentialSide;
  negative: ExponentialSide;
}

type ReadField = (reader: ProtobufReader, tag: number, end: number, fields: Fields) => boolean;

/** Decodes histogram, exponential histogram and summary points into their series. */
export class DistributionPoints {
  readonly #decoding: ProtobufDecoding;

  constructor(decoding: ProtobufDecoding) {
    this.#decoding = decoding;
  }

  /** Decodes the `Histogram` or `ExponentialHistogram` that starts at the reader's position. */
  decodeHistograms(end: number, metric: MetricIdentity, exponential: boolean): void {
    const [readField, attributesTag] = exponential ? ([readExponential, 10] as const) : ([readHistogram, 74] as const);
    this.#decodePoints(end, metric, readField, attributesTag, (fields) => {
      if (exponential) {
        const { scale, zeroCount, zeroThreshold, positive, negative } = fields;
        return exponentialBuckets(scale, zeroCount, zeroThreshold, positive, negative);
      }
      if (fields.bucketCounts.length === 0 && fields.explicitBounds.length === 0) return undefined;
      return explicitBuckets(fields.bucketCounts, fields.explicitBounds) ?? REFUSAL.buckets(metric.name);
    });
  }

  /** Decodes the `Summary` that starts at the reader's position; count and sum of a summary are cumulative by definition. */
  decodeSummaries(end: number, name: string, unit: string): void {
    const temporality: Temporality = 'cumulative';
    this.#decodePoints(end, { name, unit, temporality }, readSummary, 58, (fields) => {
      fields.sum ??= 0; // proto3 leaves out a sum of 0
      return undefined;
    });
  }

  #decodePoints(
    end: number,
    metric: MetricIdentity,
    readField: ReadField,
    attributesTag: number,
    bucketsOf: (fields: Fields) => ReturnType<typeof exponentialBuckets> | string | undefined,
  ): void {
    const { reader, builder, limits } = this.#decoding;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag !== 10) {
        reader.skip(tag, end);
        continue;
      }
      const pointEnd = reader.fieldEnd(end);
      const pointStart = reader.position;
      const fields = readFields(reader, pointEnd, readField);
      if ((fields.flags & NO_RECORDED_VALUE) !== 0) continue;
      reader.position = pointStart;
      const pairs = readPointAttributes(reader, pointEnd, attributesTag, limits.depth);
      const attributes = pointAttributes(metric.name, pairs, limits);
      const buckets = bucketsOf(fields);
      if (typeof attributes === 'string') builder.refuse(attributes);
      else if (typeof buckets === 'string') builder.refuse(buckets);
      else {
        const { count, sum, min, max, quantiles } = fields;
        const distribution = { count, sum, min, max, quantiles, buckets };
        addDistribution(builder, metric, attributes, fields.timeLow, fields.timeHigh, distribution);
      }
    }
  }
}

function readFields(reader: ProtobufReader, end: number, readField: ReadField): Fields {
  const none: ExponentialSide = { offset: 0, counts: [] };
  const fields: Fields = {
    timeLow: 0,
    timeHigh: 0,
    flags: 0,
    count: 0,
    sum: undefined,
    min: undefined,
    max: undefined,
    bucketCounts: [],
    explicitBounds: [],
    quantiles: [],
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: none,
    negative: none,
  };
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 25) {
      reader.fixed64(end);
      fields.timeLow = reader.low;
      fields.timeHigh = reader.high;
    } else if (tag === 33) fields.count = fixed64(reader, end);
    else if (!readField(reader, tag, end, fields)) reader.skip(tag, end);
  }
  if (reader.position !== end) throw malformed('data point is truncated');
  return fields;
}

function readHistogram(reader: ProtobufReader, tag: number, end: number, fields: Fields): boolean {
  if (tag === 41) fields.sum = reader.double(end);
  else if (tag === 49) fields.bucketCounts.push(fixed64(reader, end));
  else if (tag === 50) readPacked(reader, end, fields.bucketCounts, fixed64);
  else if (tag === 57) fields.explicitBounds.push(reader.double(end));
  else if (tag === 58) readPacked(reader, end, fields.explicitBounds, double);
  else if (tag === 80) fields.flags = reader.int32(end);
  else if (tag === 89) fields.min = reader.double(end);
  else if (tag === 97) fields.max = reader.double(end);
  else return false;
  return true;
}

function readExponential(reader: ProtobufReader, tag: number, end: number, fields: Fields): boolean {
  if (tag === 41) fields.sum = reader.double(end);
  else if (tag === 48) fields.scale = reader.sint32(end);
  else if (tag === 57) fields.zeroCount = fixed64(reader, end);
  else if (tag === 66) fields.positive = readSide(reader, reader.fieldEnd(end));
  else if (tag === 74) fields.negative = readSide(reader, reader.fieldEnd(end));
  else if (tag === 80) fields.flags = reader.int32(end);
  else if (tag === 97) fields.min = reader.double(end);
  else if (tag === 105) fields.max = reader.double(end);
  else if (tag === 113) fields.zeroThreshold = reader.double(end);
  else return false;
  return true;
}

function readSummary(reader: ProtobufReader, tag: number, end: number, fields: Fields): boolean {
  if (tag === 41) fields.sum = reader.double(end);
  else if (tag === 50) fields.quantiles.push(readQuantile(reader, reader.fieldEnd(end)));
  else if (tag === 64) fields.flags = reader.int32(end);
  else return false;
  return true;
}

function readSide(reader: ProtobufReader, end: number): ExponentialSide {
  let offset = 0;
  const counts: number[] = [];
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 8) offset = reader.sint32(end);
    else if (tag === 16) counts.push(varint(reader, end));
    else if (tag === 18) readPacked(reader, end, counts, varint);
    else reader.skip(tag, end);
  }
  return { offset, counts };
}

function readQuantile(reader: ProtobufReader, end: number): { quantile: number; value: number } {
  let quantile = 0;
  let value = 0;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 9) quantile = reader.double(end);
    else if (tag === 17) value = reader.double(end);
    else reader.skip(tag, end);
  }
  return { quantile, value };
}

function readPacked(
  reader: ProtobufReader,
  messageEnd: number,
  into: number[],
  read: (reader: ProtobufReader, end: number) => number,
): void {
  const end = reader.fieldEnd(messageEnd);
  while (reader.position < end) into.push(read(reader, end));
}

function fixed64(reader: ProtobufReader, end: number): number {
  reader.fixed64(end);
  return reader.unsignedNumber;
}

function double(reader: ProtobufReader, end: number): number {
  return reader.double(end);
}

function varint(reader: ProtobufReader, end: number): number {
  reader.varint64(end);
  return reader.unsignedNumber;
}
