import type { StoredSeries } from '../store/telemetry-store.ts';
import type { SeriesDefinition } from './telemetry.ts';

/** Series a run may have: above `soft` a warning is sent back, above `hard` new series are refused. */
export interface SeriesLimits {
  readonly soft: number;
  readonly hard: number;
}

export const DEFAULT_SERIES_LIMITS: SeriesLimits = { soft: 10_000, hard: 100_000 };

/** Id of a refused series. */
export const REFUSED_SERIES = -1;

/** The series of one run by name, attributes and instance; answers with the store's id and makes it if it is new. */
export class RunSeries {
  readonly #ids = new Map<string, number>();
  readonly #limits: SeriesLimits;
  readonly #define: (definition: SeriesDefinition, instance: string) => number;

  constructor(
    known: readonly StoredSeries[],
    limits: SeriesLimits,
    define: (definition: SeriesDefinition, instance: string) => number,
  ) {
    for (const series of known) this.#ids.set(seriesKey(series.definition, series.instance), series.id);
    this.#limits = limits;
    this.#define = define;
  }

  get size(): number {
    return this.#ids.size;
  }

  get isAboveSoftLimit(): boolean {
    return this.#ids.size > this.#limits.soft;
  }

  /** @returns the store's id, or {@link REFUSED_SERIES} when the run is at its hard limit. */
  idOf(definition: SeriesDefinition, instance: string): number {
    const key = seriesKey(definition, instance);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#limits.hard) return REFUSED_SERIES;
    const id = this.#define(definition, instance);
    this.#ids.set(key, id);
    return id;
  }
}

function seriesKey(definition: SeriesDefinition, instance: string): string {
  return `${definition.displayName}\u0000${instance}`;
}
