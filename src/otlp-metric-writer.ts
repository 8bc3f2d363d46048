import type { AttributeMap } from './attributes.ts';
import { writeAttributes } from './otlp-writer.ts';
import { isInt64, ProtobufWriter, varintBytes } from './protobuf-writer.ts';
import { POINT } from './semconv.ts';

/** Names beyond this number are encoded each time: their encoding is not kept. */
const MAX_CACHED_NAMES = 10_000;
const AS_DOUBLE = 0x21;
const AS_INT = 0x31;
const VALUE_BYTES = 9;

/**
 * Writes the values of one call as `metrics` fields of `ScopeMetrics`: one `Metric` with a gauge of one data point each.
 *
 * All points of a call share time, step, run time and attributes, so what they share is encoded once by {@link begin}.
 *
 * @see opentelemetry/proto/metrics/v1/metrics.proto
 */
export class OtlpMetricWriter {
  readonly #names = new Map<string, Buffer>();
  readonly #scratch = new ProtobufWriter(128);
  /** `gauge` field of a `Metric` up to and without the value, which is its last nine bytes. */
  readonly #gauge = new ProtobufWriter(128);
  readonly #output = new ProtobufWriter(16_384);

  /** Bytes of the values written since the last {@link begin} or {@link restart}; valid until the next write. */
  get output(): ProtobufWriter {
    return this.#output;
  }

  /** Starts a call. */
  begin(
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
    attributes?: AttributeMap,
  ): void {
    const point = this.#scratch;
    point.reset();
    if (attributes !== undefined) writeAttributes(point, 0x3a, attributes);
    if (step !== undefined) writeStep(point, step);
    if (runTimeSeconds !== undefined) writeRunTime(point, runTimeSeconds);
    point.byte(0x19);
    point.fixed64(timeUnixNano);
    const pointBytes = point.length + VALUE_BYTES;
    const gauge = this.#gauge;
    gauge.reset();
    gauge.byte(0x2a);
    gauge.varint(1 + varintBytes(pointBytes) + pointBytes);
    gauge.byte(0x0a);
    gauge.varint(pointBytes);
    gauge.raw(point.buffer, point.length);
    this.#output.reset();
  }

  /** Empties the output and keeps time and step: the next frame of the same call. */
  restart(): void {
    this.#output.reset();
  }

  /** Writes one value; integers beyond 64 bits become doubles. */
  value(name: string, value: number | bigint): void {
    const encodedName = this.#names.get(name) ?? this.#encodeName(name);
    const output = this.#output;
    output.byte(0x12);
    output.varint(encodedName.length + this.#gauge.length + VALUE_BYTES);
    output.raw(encodedName);
    output.raw(this.#gauge.buffer, this.#gauge.length);
    if (typeof value === 'bigint' && isInt64(value)) {
      output.byte(AS_INT);
      output.fixed64(value);
    } else {
      output.byte(AS_DOUBLE);
      output.double(Number(value));
    }
  }

  #encodeName(name: string): Buffer {
    const writer = new ProtobufWriter(name.length + 8);
    writer.string(0x0a, name);
    const encoded = writer.copy();
    if (this.#names.size < MAX_CACHED_NAMES) this.#names.set(name, encoded);
    return encoded;
  }
}

const STEP_KEY = keyOf(POINT.step);
const RUN_TIME_KEY = keyOf(POINT.time);

function keyOf(key: string): Buffer {
  const writer = new ProtobufWriter(32);
  writer.string(0x0a, key);
  return writer.copy();
}

function writeStep(writer: ProtobufWriter, step: number): void {
  const valueBytes = step < 0 ? 11 : 1 + varintBytes(step);
  writeKey(writer, STEP_KEY, valueBytes);
  writer.byte(0x18);
  if (step < 0) writer.int64(BigInt(step));
  else writer.varint(step);
}

function writeRunTime(writer: ProtobufWriter, seconds: number): void {
  writeKey(writer, RUN_TIME_KEY, 9);
  writer.byte(0x21);
  writer.double(seconds);
}

/** `KeyValue` up to the content of its `AnyValue`; both lengths are below 128. */
function writeKey(writer: ProtobufWriter, key: Buffer, valueBytes: number): void {
  writer.byte(0x3a);
  writer.byte(key.length + 2 + valueBytes);
  writer.raw(key);
  writer.byte(0x12);
  writer.byte(valueBytes);
}
