import type { Attributes } from '@opentelemetry/api';
import { RESERVED_PREFIX } from '../semconv.ts';
import { formatTimestamp } from '../time.ts';

/** Values of one moment and step, as `POST /api/metrics` takes them. */
export interface MetricEntry {
  /** Seconds since the start of the run. */
  readonly time: number;
  readonly timestamp: string;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A value of a multi-dimensional metric, as `POST /api/runs/{id}/metrics` takes it. */
export interface ArrayEntry {
  readonly metric: string;
  readonly step: number;
  /** Seconds since the start of the run. */
  readonly time: number;
  readonly timestamp: string;
  /** Numbers, nested once for each dimension. */
  readonly array: readonly unknown[];
  /** Id of the grid of the metric. */
  readonly grid?: string;
}

/** Puts data points into entries: one for all values of the same time, step and run time. */
export class EntryList {
  readonly #startUnixNano: bigint;
  readonly #nextStep: () => number;
  readonly #entries = new Map<string, MetricEntry & { readonly values: Record<string, number> }>();

  /**
   * @param startUnixNano - start of the run: origin of the run time of points that say none.
   * @param nextStep - the step of an entry whose points say none.
   */
  constructor(startUnixNano: bigint, nextStep: () => number) {
    this.#startUnixNano = startUnixNano;
    this.#nextStep = nextStep;
  }

  /**
   * Adds a value; of two values of one name in one entry, the second gets an entry of its own.
   *
   * @param name - see {@link simvueName}.
   */
  add(
    name: string,
    value: number,
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
  ): void {
    const key = `${timeUnixNano} ${step} ${runTimeSeconds}`;
    for (let copy = 0; ; copy++) {
      const { values } = this.#entry(copy === 0 ? key : `${key} ${copy}`, timeUnixNano, step, runTimeSeconds);
      if (Object.hasOwn(values, name)) continue;
      values[name] = value;
      return;
    }
  }

  /** The entries in the order of their times. */
  sorted(): MetricEntry[] {
    return [...this.#entries.values()].sort((a, b) =>
      a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0,
    );
  }

  #entry(key: string, timeUnixNano: bigint, step = this.#stepOf(key), runTimeSeconds: number | undefined) {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const time = runTimeSeconds ?? Number(timeUnixNano - this.#startUnixNano) / 1e9;
    const entry = { time, timestamp: formatTimestamp(timeUnixNano), step, values: Object.create(null) };
    this.#entries.set(key, entry);
    return entry;
  }

  #stepOf(key: string): number {
    return this.#entries.get(key)?.step ?? this.#nextStep();
  }
}

/**
 * The name of a series at a Simvue server: `name`, or `name(key=value+key=value)`; characters that it refuses become `_`.
 *
 * @see Simvue client, metric names `^[a-zA-Z0-9\-_\s/.:=><+()]+$`
 */
export function simvueName(name: string, attributes: Attributes): string {
  const dimensions = Object.entries(attributes).filter(([key]) => !key.startsWith(RESERVED_PREFIX));
  const text = dimensions.map(([key, value]) => `${key}=${value}`).sort();
  const full = text.length === 0 ? name : `${name}(${text.join('+')})`;
  return full.replace(/[^a-zA-Z0-9\-_\s/.:=><+()]/g, '_');
}
