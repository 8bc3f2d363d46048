/** Data of a run that was received. */
export interface ReceivedData {
  readonly runId: string;
  readonly tenant: string;
  readonly bytes: number;
  readonly points: number;
  readonly events: number;
}

/** What a user has. */
export interface UserUsage {
  readonly username: string;
  readonly runs: number;
  readonly alerts: number;
  readonly tags: number;
  readonly artifacts: number;
  /** Bytes of the content of the artifacts. */
  readonly content: number;
  /** As they were received for the runs. */
  readonly points: number;
  readonly events: number;
}

/** A run and how much it sent, as it was received. */
export interface RunVolume {
  readonly runId: string;
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
}

/** A folder that says how long the runs in it are kept after their end. */
export interface FolderRetention {
  readonly path: string;
  readonly retentionSeconds: number;
}

/** What each tenant and each user has: kept up to date with every run and artifact that is made or deleted. */
export interface UsageStore {
  runs(tenant: string): number;
  /** Content of artifacts, and points and events as they were received; those of deleted runs do not count. */
  bytes(tenant: string): number;
  /** Undefined for a user who never had anything. */
  ofUser(username: string): UserUsage | undefined;
  /** Of everyone, in the order of their names. */
  ofUsers(): readonly UserUsage[];
  /** Content of the artifacts of all tenants. */
  contentBytes(): number;
  /** The runs that sent the most points and events, the largest first. */
  largest(count: number): readonly RunVolume[];
  /** Runs with a retention of their own that will be deleted, and when the first of them is; null = none. */
  expiring(): { readonly runs: number; readonly nextUnixNano: bigint | null };
  /** Folders with a retention, the shortest first. */
  keepers(count: number): readonly FolderRetention[];
  /** One durable transaction; data of runs that are no longer there does not count. */
  addReceived(data: readonly ReceivedData[]): Promise<void>;
}
