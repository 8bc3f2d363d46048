import type { Attributes, SeriesDefinition } from './telemetry.ts';

/**
 * A resource seen in requests, interned by its bytes: a writer sends the same resource in every request.
 *
 * `binding` belongs to the run resolver: which run the resource writes to now, and the store's id of each of its series.
 */
export interface ResourceEntry {
  readonly attributes: Attributes;
  /** `service.instance.id`, or empty. */
  readonly instance: string;
  /** The run, when the request names it (REST): it must be there; undefined = the attributes say it. */
  readonly runId?: string | undefined;
  /** Series of this resource in the order of first appearance; only grows. */
  readonly series: readonly SeriesDefinition[];
  binding: RunBinding | undefined;
}

/** The run a resource writes to. */
export interface RunBinding {
  readonly runId: string;
  /** Store ids by index in {@link ResourceEntry.series}; may be shorter; -1 = refused (limit of series). */
  readonly seriesIds: number[];
}
