import { RESOURCE } from 'simvue-otel/semconv';
import type { ResourceEntry, RunBinding } from '../pipeline/resource-entry.ts';
import { printSeriesName } from '../pipeline/series-name.ts';
import type { Attributes, SeriesDefinition, Temporality } from '../pipeline/telemetry.ts';
import { attributeText } from './attribute-text.ts';
import { ByteTable } from './byte-table.ts';
import { CpuRate } from './cpu-rate.ts';
import type { Label } from './point-attributes.ts';
import { isResourceUse } from './resource-use.ts';

const TEMPORALITIES = ['gauge', 'cumulative', 'delta'] as const;
/** Index of a temporality in a {@link WireMetric}. */
export const TEMPORALITY_INDEX: Record<Temporality, number> = { gauge: 0, cumulative: 1, delta: 2 };

const SERIES_BYTES = 400;
const ENTRY_BYTES = 500;

/** Series of one metric of a resource by the bytes of the point's attributes; -1 = not seen yet. */
export interface WireSeries {
  plain: number;
  /** Series by attribute bytes, made when a point has attributes. */
  labelled: { readonly table: ByteTable; readonly series: number[] } | undefined;
}

/** A metric name as it comes on the wire, with its series by temporality. */
export interface WireMetric {
  readonly name: string;
  readonly byTemporality: readonly [WireSeries, WireSeries, WireSeries];
}

/** A resource and its series: the same name, attributes and temporality always give the same index. */
export class InternedResource implements ResourceEntry {
  readonly attributes: Attributes;
  readonly instance: string;
  readonly runId: string | undefined;
  readonly series: SeriesDefinition[] = [];
  binding: RunBinding | undefined = undefined;
  /** True when one of its metrics tells the use of CPU, memory or network. */
  tellsUse = false;
  /** Of the process behind it. */
  readonly cpuRate = new CpuRate();
  /** Metric names by their bytes; index in {@link metrics}. */
  readonly names = new ByteTable();
  readonly metrics: WireMetric[] = [];
  readonly #indexes = new Map<string, number>();
  #textBytes: number;

  /**
   * @param keyBytes - size of the bytes it is interned by.
   * @param runId - the run, when the request names it.
   */
  constructor(attributes: Attributes, keyBytes: number, runId?: string) {
    this.attributes = attributes;
    this.runId = runId;
    this.instance = attributeText(attributes[RESOURCE.serviceInstanceId]);
    this.#textBytes = 3 * keyBytes;
  }

  /** Bytes of memory, roughly. */
  get sizeBytes(): number {
    return ENTRY_BYTES + this.#textBytes + this.names.sizeBytes + SERIES_BYTES * this.series.length;
  }

  /** Index of a series in {@link series}. The unit is that of its first appearance. */
  seriesIndex(name: string, labels: readonly Label[], unit: string, temporality: Temporality): number {
    const displayName = printSeriesName(name, labels);
    const key = `${TEMPORALITY_INDEX[temporality]}${displayName}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.series.length;
    this.series.push({ name, attributes: labels, displayName, unit, temporality });
    this.#indexes.set(key, index);
    this.tellsUse ||= isResourceUse(name);
    this.grow(8 * displayName.length);
    return index;
  }

  /** Adds a metric name that is not in {@link names} yet. */
  addMetric(bytes: Buffer, start: number, end: number, name: string): WireMetric {
    const metric: WireMetric = { name, byTemporality: [emptySeries(), emptySeries(), emptySeries()] };
    this.metrics[this.names.add(bytes, start, end)] = metric;
    this.grow(300);
    return metric;
  }

  /** Counts memory that hangs on this resource. */
  grow(bytes: number): void {
    this.#textBytes += bytes;
  }
}

function emptySeries(): WireSeries {
  return { plain: -1, labelled: undefined };
}

/** Temporality of `AggregationTemporality` 1 and 2. */
export function temporalityOf(aggregationTemporality: number): Temporality | undefined {
  return aggregationTemporality === 1 ? TEMPORALITIES[2] : aggregationTemporality === 2 ? TEMPORALITIES[1] : undefined;
}
