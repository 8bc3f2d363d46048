import type { Attributes } from '@opentelemetry/api';
import type { AttributeMap, AttributeValue } from '../attributes.ts';
import type { Reports } from '../reports.ts';

/** Takes values as they are now; the attributes tell series of one name apart. */
export type RecordPoints = (
  names: readonly string[],
  values: readonly number[],
  attributes: AttributeMap | undefined,
) => unknown;

interface Accumulated {
  readonly names: readonly string[];
  readonly attributes: AttributeMap | undefined;
  readonly values: number[];
  isChanged: boolean;
}

const MAX_SERIES = 10_000;
const DISTRIBUTION = ['count', 'sum', 'min', 'max', 'avg'] as const;

/**
 * Values of a program's instruments: those of gauges go out as they come, totals of counters and the count, sum, least, greatest and
 * average value of histograms when {@link InstrumentValues.flush} is called.
 */
export class InstrumentValues {
  readonly #record: RecordPoints;
  readonly #reports: Reports;
  readonly #series = new Map<string, Accumulated>();

  constructor(record: RecordPoints, reports: Reports) {
    this.#record = record;
    this.#reports = reports;
  }

  gauge(name: string, value: number, attributes: Attributes | undefined): void {
    if (typeof value === 'number') this.#record([name], [value], attributeMap(attributes));
  }

  counter(name: string, value: number, attributes: Attributes | undefined): void {
    const total = this.#accumulated(name, [name], [0], attributes);
    if (total === undefined || typeof value !== 'number') return;
    total.values[0] = (total.values[0] ?? 0) + value;
    total.isChanged = true;
  }

  histogram(name: string, value: number, attributes: Attributes | undefined): void {
    const names = () => DISTRIBUTION.map((part) => `${name}.${part}`);
    const series = this.#accumulated(name, names, [0, 0, Infinity, -Infinity, 0], attributes);
    if (series === undefined || typeof value !== 'number') return;
    const [count = 0, sum = 0, min = Infinity, max = -Infinity] = series.values;
    const total = sum + value;
    series.values.splice(0, 5, count + 1, total, Math.min(min, value), Math.max(max, value), total / (count + 1));
    series.isChanged = true;
  }

  /** Records what has changed since the last call. */
  flush(): void {
    for (const series of this.#series.values()) {
      if (!series.isChanged) continue;
      series.isChanged = false;
      this.#record(series.names, series.values, series.attributes);
    }
  }

  #accumulated(
    name: string,
    names: readonly string[] | (() => readonly string[]),
    values: number[],
    attributes: Attributes | undefined,
  ): Accumulated | undefined {
    const key = attributes === undefined ? name : `${name}\u0000${JSON.stringify(attributes)}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size >= MAX_SERIES) {
      this.#reports.once(
        'series',
        `Counters and histograms have more than ${MAX_SERIES} series: new ones are left out.`,
      );
      return undefined;
    }
    const made = {
      names: typeof names === 'function' ? names() : names,
      attributes: attributeMap(attributes),
      values,
      isChanged: false,
    };
    this.#series.set(key, made);
    return made;
  }
}

function attributeMap(attributes: Attributes | undefined): AttributeMap | undefined {
  const known = Object.entries(attributes ?? {}).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : new Map(known as [string, AttributeValue][]);
}
