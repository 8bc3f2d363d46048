import type { RunStatus } from 'simvue-otel/semconv';
import type { Attributes, AttributeValue } from './telemetry.ts';
import type { Visibility } from './visibility.ts';

/**
 * One change of a run: what a resource says (at time 0: any later word wins), a control event, or a REST or page edit
 * (at its receive time). The run's state is the fold of all its changes, whatever their order and repetition.
 */
export interface RunChange {
  /** Event time, nanoseconds since the epoch; 0 for what the resource says. */
  readonly timeUnixNano: bigint;
  /** Breaks ties of time; the same change always has the same uid. */
  readonly uid: string;
  readonly instance: string;
  /** User who asked for it by REST or on the page; the fold does not look at it. */
  readonly author?: string;
  /** Event time of the data with which a resource was first seen; the run started no later. */
  readonly firstSeenUnixNano?: bigint;
  readonly externalId?: string;
  readonly name?: string;
  readonly folder?: string;
  readonly description?: string;
  readonly user?: string;
  readonly tenant?: string;
  /** Explicit start and end (REST), nanoseconds since the epoch; they win over the times of the lifecycle changes before them. */
  readonly startedUnixNano?: bigint;
  readonly endedUnixNano?: bigint;
  readonly system?: Attributes;
  readonly metadataSet?: Readonly<Record<string, AttributeValue>>;
  readonly metadataRemoved?: readonly string[];
  readonly tagsAdded?: readonly string[];
  readonly tagsRemoved?: readonly string[];
  readonly tagsSet?: readonly string[];
  readonly heartbeatTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly notification?: string;
  readonly visibility?: Visibility;
  /** Lifecycle: the change with the greatest time within the newest attempt wins. */
  readonly lifecycle?: {
    readonly status: RunStatus;
    readonly attempt?: number;
    readonly role?: 'owner' | 'member';
    readonly firstStep?: number;
    readonly exitCode?: number;
    readonly exitSignal?: string;
  };
  readonly folderDetails?: FolderDetails;
}

/** What a change says of a folder. */
export interface FolderDetails {
  readonly path: string;
  readonly name?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, AttributeValue>>;
  /** All tags from now on. */
  readonly tags?: readonly string[];
  readonly retentionSeconds?: number;
  readonly visibility?: Visibility;
  readonly user?: string;
  readonly tenant?: string;
}
