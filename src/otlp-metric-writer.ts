import type { AttributeMap } from './attributes.ts';
import { FRAME_PREFIX_BYTES } from './frame-log.ts';
import { writeAttributes } from './otlp-writer.ts';
import { isInt64, ProtobufWriter, varintBytes } from './protobuf-writer.ts';
import { POINT } from './semconv.ts';

/** Names beyond this number are encoded each time: their encoding is not kept. */
const MAX_CACHED_NAMES = 10_000;
const AS_DOUBLE = 0x21;
const AS_INT = 0x31;
const VALUE_BYTES = 9;
const TIME_BYTES = 9;
const RUN_TIME_BYTES = 9;

/**
 * Writes the values of one call as `metrics` fields of `ScopeMetrics`: one `Metric` with a gauge of one data point each.
 *
 * All points of a call share time, step, run time and attributes: the first value of a frame is written whole, the
 * others copy from it what they share.
 *
 * @see opentelemetry/proto/metrics/v1/metrics.proto
 */
export class OtlpMetricWriter {
  /** `name` fields, of metrics with a unit followed by `unit`. */
  readonly #names = new Map<string, Buffer>();
  /** Attributes of a point beside its step and run time. */
  readonly #attributes = new ProtobufWriter(128);
  readonly #output = new ProtobufWriter(16_384, FRAME_PREFIX_BYTES);
  #timeUnixNano = 0n;
  #step: number | undefined;
  #runTimeSeconds: number | undefined;
  #stepBytes = 0;
  /** Bytes of a `NumberDataPoint`, and of the `gauge` field around it up to and without the value, its last nine. */
  #pointBytes = 0;
  #gaugeBytes = 0;
  /** Where the first value of the output has that field; undefined before it. */
  #gaugeOffset: number | undefined;

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
    this.#timeUnixNano = timeUnixNano;
    this.#step = step;
    this.#runTimeSeconds = runTimeSeconds;
    this.#attributes.reset();
    if (attributes !== undefined) writeAttributes(this.#attributes, 0x3a, attributes);
    this.#stepBytes = step === undefined ? 0 : step < 0 ? 11 : 1 + varintBytes(step);
    this.#pointBytes =
      this.#attributes.length +
      (step === undefined ? 0 : attributeBytes(STEP_KEY, this.#stepBytes)) +
      (runTimeSeconds === undefined ? 0 : attributeBytes(RUN_TIME_KEY, RUN_TIME_BYTES)) +
      TIME_BYTES +
      VALUE_BYTES;
    const gaugeContentBytes = 1 + varintBytes(this.#pointBytes) + this.#pointBytes;
    this.#gaugeBytes = 1 + varintBytes(gaugeContentBytes) + gaugeContentBytes - VALUE_BYTES;
    this.restart();
  }

  /** Empties the output and keeps time and step: the next frame of the same call. */
  restart(): void {
    this.#output.reset();
    this.#gaugeOffset = undefined;
  }

  /** Writes one value; integers beyond 64 bits become doubles. */
  value(name: string, value: number | bigint): void {
    const encodedName = this.#names.get(name) ?? this.#encodeName(name);
    const output = this.#output;
    output.byte(0x12);
    output.varint(encodedName.length + this.#gaugeBytes + VALUE_BYTES);
    output.raw(encodedName);
    if (this.#gaugeOffset !== undefined) output.again(this.#gaugeOffset, this.#gaugeBytes);
    else {
      this.#gaugeOffset = output.length;
      this.#writeGauge(output);
    }
    if (typeof value === 'bigint' && isInt64(value)) {
      output.byte(AS_INT);
      output.fixed64(value);
    } else {
      output.byte(AS_DOUBLE);
      output.double(Number(value));
    }
  }

  /** Sets the unit of the later values of a metric. */
  setUnit(name: string, unit: string): void {
    this.#names.set(name, encodeName(name, unit));
  }

  #writeGauge(output: ProtobufWriter): void {
    const step = this.#step;
    output.byte(0x2a);
    output.varint(1 + varintBytes(this.#pointBytes) + this.#pointBytes);
    output.byte(0x0a);
    output.varint(this.#pointBytes);
    output.raw(this.#attributes.buffer, this.#attributes.length);
    if (step !== undefined) {
      writeKey(output, STEP_KEY, this.#stepBytes);
      output.byte(0x18);
      if (step < 0) output.int64(BigInt(step));
      else output.varint(step);
    }
    if (this.#runTimeSeconds !== undefined) {
      writeKey(output, RUN_TIME_KEY, RUN_TIME_BYTES);
      output.byte(0x21);
      output.double(this.#runTimeSeconds);
    }
    output.byte(0x19);
    output.fixed64(this.#timeUnixNano);
  }

  #encodeName(name: string): Buffer {
    const encoded = encodeName(name, '');
    if (this.#names.size < MAX_CACHED_NAMES) this.#names.set(name, encoded);
    return encoded;
  }
}

function encodeName(name: string, unit: string): Buffer {
  const writer = new ProtobufWriter(name.length + unit.length + 8);
  writer.string(0x0a, name);
  if (unit !== '') writer.string(0x1a, unit);
  return writer.copy();
}

const STEP_KEY = keyOf(POINT.step);
const RUN_TIME_KEY = keyOf(POINT.time);

function keyOf(key: string): Buffer {
  const writer = new ProtobufWriter(32);
  writer.string(0x0a, key);
  return writer.copy();
}

/** Bytes of a `KeyValue` field; its own length is below 128. */
function attributeBytes(key: Buffer, valueBytes: number): number {
  return 4 + key.length + valueBytes;
}

/** `KeyValue` up to the content of its `AnyValue`; both lengths are below 128. */
function writeKey(writer: ProtobufWriter, key: Buffer, valueBytes: number): void {
  writer.byte(0x3a);
  writer.byte(key.length + 2 + valueBytes);
  writer.raw(key);
  writer.byte(0x12);
  writer.byte(valueBytes);
}
