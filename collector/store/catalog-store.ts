import type { RunStatus } from 'simvue-otel/semconv';
import type { RunChange } from '../pipeline/run-change.ts';
import type { AttributeValue } from '../pipeline/telemetry.ts';
import type { Owned, Reader, Visibility } from '../pipeline/visibility.ts';
import type { AccountStore } from './account-store.ts';
import type { ActivityStore } from './activity-store.ts';
import type { AlertStateStore, OutboxStore } from './alert-state-store.ts';
import type { AlertStore } from './alert-store.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { ExportStore } from './export-store.ts';
import type { FolderStore } from './folder-store.ts';
import type { GridStore } from './grid-store.ts';
import type { LastValueStore } from './last-value-store.ts';
import type { PageStore } from './page-store.ts';
import type { RunFilter } from './run-filter.ts';
import type { StorageStore } from './storage-store.ts';
import type { TagStore } from './tag-store.ts';
import type { UsageStore } from './usage-store.ts';

export type JsonValue = AttributeValue;
export type Metadata = Readonly<Record<string, JsonValue>>;

/** A run as the catalogue keeps it. Times are nanoseconds since the epoch, UTC. */
export interface RunRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  /** The value of `simvue.run.id` (or of the fall-back keys) when it is not the id itself. */
  readonly externalId: string | null;
  readonly name: string;
  readonly folder: string;
  readonly status: RunStatus;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Metadata;
  /** Attributes of the owner's resource outside `simvue.*`: host, process, service, vcs. */
  readonly system: Metadata;
  readonly user: string;
  readonly createdUnixNano: bigint;
  readonly startedUnixNano: bigint | null;
  readonly endedUnixNano: bigint | null;
  readonly modifiedUnixNano: bigint;
  /** Newest sign of life, event time. */
  readonly lastSignUnixNano: bigint | null;
  readonly heartbeatTimeoutSeconds: number | null;
  readonly retentionSeconds: number | null;
  readonly notification: string;
  readonly attempt: number;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly tenant: string;
  readonly visibility: Visibility;
}

/** A writer (process or thread) of a run. */
export interface InstanceRow {
  readonly instance: string;
  /** `owner`, `member`, or empty when it did not say. */
  readonly role: string;
  readonly firstSignUnixNano: bigint;
  readonly lastSignUnixNano: bigint;
  /** True when it said that it ends. */
  readonly ended: boolean;
  /** Attributes of its resource outside `simvue.*`. */
  readonly system: Metadata;
}

export type MetricColumn = `metrics.${string}`;
/** `metrics.X`: the last value of X, as far as {@link CatalogStore.lastValues} has them. */
export type RunSortColumn =
  | 'created'
  | 'started'
  | 'ended'
  | 'modified'
  | 'name'
  | 'status'
  | `metadata.${string}`
  | MetricColumn;

export interface RunListQuery {
  /** Combined with AND. */
  readonly filters: readonly RunFilter[];
  /** Absent = all runs. */
  readonly reader?: Reader | undefined;
  readonly sort: readonly { readonly column: RunSortColumn; readonly descending: boolean }[];
  readonly start: number;
  readonly count: number;
}

/** Newest event time of what an instance of a run sent. */
export interface SignOfLife {
  readonly runId: string;
  readonly instance: string;
  readonly timeUnixNano: bigint;
}

/** Answer of {@link CatalogStore.apply}: the run after the changes, and whether anything is different. */
export interface ApplyResult {
  readonly run: RunRow;
  readonly changed: boolean;
}

/**
 * Runs, folders and tags. The state of a run is a fold over its changes that does not depend on their order;
 * every method that writes is one durable transaction.
 */
export interface CatalogStore {
  getRun(id: string): Promise<RunRow | undefined>;
  /** As {@link CatalogStore.getRun}, at once. */
  findRun(id: string): RunRow | undefined;
  listRuns(query: RunListQuery): Promise<{ count: number; runs: readonly RunRow[] }>;
  instances(runId: string): Promise<readonly InstanceRow[]>;
  /** Whose run it is and who may read it; answered from memory where it can be. A deleted run is still known for a while. */
  ownerOf(runId: string): Owned | undefined;
  /** Creates the run if it is not there and folds the changes; parents of its folder are made. */
  apply(runId: string, changes: readonly RunChange[]): Promise<ApplyResult>;
  /** Merges signs of life (greatest event time per run and instance). @returns lost runs that live again. */
  recordSigns(signs: readonly SignOfLife[]): Promise<readonly string[]>;
  /** A running run becomes `lost`, ended at its newest sign of life. @returns false when it is not running. */
  setLost(runId: string): Promise<boolean>;
  /** Runs that are `running` or `lost`, for the lost detection at start. */
  liveRuns(): Promise<readonly RunRow[]>;
  readonly folders: FolderStore;
  readonly accounts: AccountStore;
  readonly alerts: AlertStore;
  readonly alertStates: AlertStateStore;
  readonly outbox: OutboxStore;
  readonly exports: ExportStore;
  readonly grids: GridStore;
  readonly activity: ActivityStore;
  readonly tags: TagStore;
  readonly artifacts: ArtifactStore;
  readonly storages: StorageStore;
  readonly usage: UsageStore;
  readonly page: PageStore;
  readonly lastValues: LastValueStore;
  setStar(user: string, kind: 'run' | 'folder', id: string, starred: boolean): Promise<void>;
  /** Which of these have the user's star. */
  starred(user: string, kind: 'run' | 'folder', ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Asks the run's program to stop; the first reason stays. */
  requestAbort(runId: string, reason: string, user: string): Promise<void>;
  abortOf(runId: string): Promise<{ readonly reason: string; readonly user: string } | undefined>;
  /**
   * Removes runs with their alerts, grids and artifacts, and leaves tombstones for 30 days. Content of artifacts that no other run has
   * waits to be removed.
   *
   * @returns those that were there.
   */
  deleteRuns(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Runs whose retention is over, counted from their end, or of runs that never started from their last change;
   * without one of their own that of the nearest folder above counts.
   */
  expiredRuns(limit: number): Promise<readonly string[]>;
  /** True while the run's tombstone is kept; answered from memory. */
  isDeleted(id: string): boolean;
  /** When the run was deleted, nanoseconds since the epoch; undefined without a tombstone. */
  deletedAt(id: string): bigint | undefined;
  /** Gives a bounded part of the room of deleted rows back to the file system. @returns true when there is more. */
  shrink(): boolean;
  getSetting(key: string): Promise<string | undefined>;
  setSetting(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
