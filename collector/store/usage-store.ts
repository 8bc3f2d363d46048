/** Data of a run that was received. */
export interface ReceivedData {
  readonly runId: string;
  readonly tenant: string;
  readonly bytes: number;
}

/** What each tenant has: kept up to date with every run and artifact that is made or deleted. */
export interface UsageStore {
  runs(tenant: string): number;
  /** Content of artifacts, and points and events as they were received; those of deleted runs do not count. */
  bytes(tenant: string): number;
  /** One durable transaction; data of runs that are no longer there does not count. */
  addReceived(data: readonly ReceivedData[]): Promise<void>;
}
