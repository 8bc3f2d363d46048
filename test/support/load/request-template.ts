import { loadMetricName, loadRunId, loadTimeNanoseconds, loadValue } from './load-values.ts';

const STEP_KEY = Buffer.from('simvue.step');
const STEP_BYTES = 5;
const DEFAULT_STEP_MICROS = 1_000;
/** Where time, value and step stand in a data point, counted from the step's key. */
const TIME_OFFSET = -21;
const VALUE_OFFSET = -12;
const STEP_OFFSET = STEP_KEY.length + 3;

/** What one connection sends: the runs `first`, `first + stride` …, with every metric, `steps` points each. */
export interface RequestShape {
  readonly prefix: string;
  readonly runs: number;
  readonly metrics: number;
  readonly steps: number;
  readonly stepMicros?: number;
  readonly first: number;
  readonly stride: number;
}

interface Slot {
  readonly offset: number;
  readonly seriesIndex: number;
  readonly metricIndex: number;
  readonly stepIndex: number;
}

/** An OTLP metrics request encoded once; each request overwrites times, values and steps in place. */
export class RequestTemplate {
  readonly body: Buffer;
  readonly points: number;
  readonly #view: DataView;
  readonly #slots: readonly Slot[];
  readonly #steps: number;
  readonly #stepMicros: number;

  constructor(shape: RequestShape) {
    this.body = encode(shape);
    this.#view = new DataView(this.body.buffer, this.body.byteOffset, this.body.length);
    this.#slots = slots(this.body, shape);
    this.#steps = shape.steps;
    this.#stepMicros = shape.stepMicros ?? DEFAULT_STEP_MICROS;
    this.points = this.#slots.length;
  }

  /** Writes the points of the n-th request; the load started at `startUnixMillis`. */
  fill(request: number, startUnixMillis: number): void {
    const firstStep = request * this.#steps;
    const startNano = BigInt(startUnixMillis) * 1_000_000n;
    const startLow = Number(startNano & 0xffff_ffffn);
    const startHigh = Number(startNano >> 32n);
    for (const { offset, seriesIndex, metricIndex, stepIndex } of this.#slots) {
      const step = firstStep + stepIndex;
      this.#writeTime(
        offset + TIME_OFFSET,
        startHigh,
        startLow + loadTimeNanoseconds(seriesIndex, step, this.#stepMicros),
      );
      this.#view.setFloat64(offset + VALUE_OFFSET, loadValue(seriesIndex, metricIndex, step), true);
      this.#writeStep(offset + STEP_OFFSET, step);
    }
  }

  #writeTime(offset: number, high: number, low: number): void {
    this.#view.setUint32(offset, low % 0x1_0000_0000, true);
    this.#view.setUint32(offset + 4, high + Math.floor(low / 0x1_0000_0000), true);
  }

  /** A varint of constant length, so that the body keeps its size. */
  #writeStep(offset: number, step: number): void {
    let rest = step;
    for (let i = 0; i < STEP_BYTES; i++) {
      this.body[offset + i] = (rest & 127) | (i < STEP_BYTES - 1 ? 128 : 0);
      rest >>>= 7;
    }
  }
}

function encode({ prefix, runs, metrics, steps, first, stride }: RequestShape): Buffer {
  const dataPoint = field(
    7,
    Buffer.concat([field(1, STEP_KEY), field(2, Buffer.from([0x18, ...new Array(STEP_BYTES - 1).fill(0x80), 0]))]),
  );
  const point = field(
    1,
    Buffer.concat([Buffer.from([0x19]), Buffer.alloc(8), Buffer.from([0x21]), Buffer.alloc(8), dataPoint]),
  );
  const gauge = field(5, Buffer.concat(new Array<Buffer>(steps).fill(point)));
  const metricParts = Array.from({ length: metrics }, (_, metric) =>
    field(2, Buffer.concat([field(1, Buffer.from(loadMetricName(metric))), gauge])),
  );
  const scope = field(2, Buffer.concat([field(1, field(1, Buffer.from('load'))), ...metricParts]));
  const parts: Buffer[] = [];
  for (let run = first; run < runs; run += stride) {
    const resource = field(
      1,
      Buffer.concat([
        attribute('service.name', 'load'),
        attribute('simvue.run.id', loadRunId(prefix, run)),
        attribute('simvue.run.name', `load-${prefix}-${run}`),
        attribute('simvue.run.folder', `/load/${prefix}`),
      ]),
    );
    parts.push(field(1, Buffer.concat([resource, scope])));
  }
  return Buffer.concat(parts);
}

function slots(body: Buffer, { metrics, steps, first, stride }: RequestShape): Slot[] {
  const found: Slot[] = [];
  for (let offset = body.indexOf(STEP_KEY); offset >= 0; offset = body.indexOf(STEP_KEY, offset + 1)) {
    const series = Math.floor(found.length / steps);
    const metricIndex = series % metrics;
    const runIndex = first + Math.floor(series / metrics) * stride;
    found.push({ offset, metricIndex, seriesIndex: runIndex * metrics + metricIndex, stepIndex: found.length % steps });
  }
  return found;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function attribute(key: string, value: string): Buffer {
  return field(1, Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]));
}
