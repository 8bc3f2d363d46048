import type { MetadataValue } from '../attributes.ts';
import type { RunStatus } from '../semconv.ts';

/** A run as the server describes it; times are `YYYY-MM-DDThh:mm:ss.ffffff`, UTC. */
export interface RunRecord {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly status: RunStatus;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  readonly user: string;
  readonly created: string;
  readonly started: string | null;
  readonly endtime: string | null;
  /** From 1 on; only a simvue-otel-collector tells. */
  readonly attempt?: number;
}

/** Which runs are wanted. */
export interface RunQuery {
  /** All must be true of a run, for example `status == completed`, `metadata.lr < 0.01`, `has tag.final`. */
  readonly filters?: readonly string[];
  /** Column and direction; default: the newest first. */
  readonly sortBy?: { readonly column: string; readonly descending?: boolean };
  /** Most runs that are returned. */
  readonly limit?: number;
}

/** Points of one metric of one run, ascending in `x`. */
export interface MetricValues {
  readonly runId: string;
  readonly metric: string;
  /** Steps; seconds since the start of the run; or seconds since 1970. */
  readonly x: Float64Array;
  readonly values: Float64Array;
}

/** The same metric of several runs, summed up at each `x`. */
export interface AggregatedValues {
  readonly metric: string;
  /** As in `MetricValues`. */
  readonly x: Float64Array;
  readonly average: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** What values lie over: the step, seconds since the start of the run, or seconds since 1970. */
export type XAxis = 'step' | 'time' | 'timestamp';

/** A message of a run. */
export interface EventRecord {
  /** `YYYY-MM-DDThh:mm:ss.ffffff`, UTC. */
  readonly timestamp: string;
  readonly message: string;
  readonly log_level: string | null;
}

/** An artifact of a run, without its content. */
export interface ArtifactRecord {
  readonly id: string;
  readonly name: string;
  readonly category: 'code' | 'input' | 'output';
  /** Bytes. */
  readonly size: number;
  readonly mime_type: string;
  /** SHA-256. */
  readonly checksum: string;
  readonly uploaded: boolean;
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  /** Serves the content without a token for an hour. */
  readonly url: string;
}

/** A folder as the server describes it. */
export interface FolderRecord {
  readonly id: string;
  readonly path: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, MetadataValue>>;
}

/** An alert of a run and its state; null = never evaluated. */
export interface RunAlertRecord {
  readonly name: string;
  readonly source: 'metrics' | 'events' | 'user';
  readonly status: 'ok' | 'critical' | null;
}
