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
 * others copy from it what they share. What a first value has before its step is mostly there from the call before.
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
  #isFirst = true;
  /** The metric with which the output begins, where its gauge starts, and where its step; undefined = encode it anew. */
  #firstName: string | undefined;
  #firstGauge = 0;
  #firstStep = 0;

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
    const stepBytes = step === undefined ? 0 : step < 0 ? 11 : 1 + varintBytes(step);
    const extra = this.#attributes;
    const hadExtra = extra.length > 0;
    extra.reset();
    if (attributes !== undefined) writeAttributes(extra, 0x3a, attributes);
    const pointBytes =
      extra.length +
      (step === undefined ? 0 : attributeBytes(STEP_KEY, stepBytes)) +
      (runTimeSeconds === undefined ? 0 : attributeBytes(RUN_TIME_KEY, RUN_TIME_BYTES)) +
      TIME_BYTES +
      VALUE_BYTES;
    if (hadExtra || extra.length > 0 || stepBytes !== this.#stepBytes || pointBytes !== this.#pointBytes) {
      this.#firstName = undefined;
      this.#stepBytes = stepBytes;
      this.#pointBytes = pointBytes;
      const contentBytes = 1 + varintBytes(pointBytes) + pointBytes;
      this.#gaugeBytes = 1 + varintBytes(contentBytes) + contentBytes - VALUE_BYTES;
    }
    this.restart();
  }

  /** Empties the output and keeps time and step: the next frame of the same call. */
  restart(): void {
    this.#output.reset();
    this.#isFirst = true;
  }

  /** Writes one value; integers beyond 64 bits become doubles. */
  value(name: string, value: number | bigint): void {
    const output = this.#output;
    if (this.#isFirst) {
      if (name === this.#firstName) output.keep(this.#firstStep);
      else this.#writeFirst(name);
      this.#writeStepAndTimes();
      this.#isFirst = false;
    } else {
      this.#writeName(name);
      output.again(this.#firstGauge, this.#gaugeBytes);
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
    this.#firstName = undefined;
  }

  /** Everything up to the step. */
  #writeFirst(name: string): void {
    const output = this.#output;
    this.#writeName(name);
    this.#firstName = name;
    this.#firstGauge = output.length;
    output.byte(0x2a);
    output.varint(1 + varintBytes(this.#pointBytes) + this.#pointBytes);
    output.byte(0x0a);
    output.varint(this.#pointBytes);
    output.raw(this.#attributes.buffer, this.#attributes.length);
    if (this.#step !== undefined) writeKey(output, STEP_KEY, this.#stepBytes);
    this.#firstStep = output.length;
  }

  #writeStepAndTimes(): void {
    const output = this.#output;
    const step = this.#step;
    if (step !== undefined) {
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

  #writeName(name: string): void {
    const encoded = this.#names.get(name) ?? this.#encodeName(name);
    this.#output.byte(0x12);
    this.#output.varint(encoded.length + this.#gaugeBytes + VALUE_BYTES);
    this.#output.raw(encoded);
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
